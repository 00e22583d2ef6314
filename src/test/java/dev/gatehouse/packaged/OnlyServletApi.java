package dev.gatehouse.packaged;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;

/**
 * What a container shows its applications: the JDK, the Servlet API and its own classes. None of
 * the libraries that happen to be on the classpath of the tests.
 */
final class OnlyServletApi extends ClassLoader {
  private static final List<String> SHOWN =
      List.of(
          "jakarta/",
          "org/apache/catalina/",
          "org/apache/el/",
          "org/apache/jasper/",
          "org/apache/juli/",
          "org/apache/naming/",
          "org/apache/tomcat/");

  private final ClassLoader platform = ClassLoader.getPlatformClassLoader();

  OnlyServletApi() {
    super("only-servlet-api", OnlyServletApi.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return shows(name.replace('.', '/'))
        ? super.loadClass(name, resolve)
        : platform.loadClass(name);
  }

  @Override
  public URL getResource(String name) {
    return shows(name) ? super.getResource(name) : platform.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return shows(name) ? super.getResources(name) : platform.getResources(name);
  }

  private static boolean shows(String path) {
    return SHOWN.stream().anyMatch(path::startsWith);
  }
}

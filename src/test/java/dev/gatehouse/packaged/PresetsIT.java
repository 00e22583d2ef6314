package dev.gatehouse.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The presets: in everything that reads a configuration, and to look at in the distribution. */
@Tag("packaged")
class PresetsIT {
  private static final Path SOURCES = Path.of("conf", "presets");
  private static final String RESOURCES = "dev/gatehouse/config/presets/";
  private static final String YAML =
      """
      public-url: https://app.example
      listen: 127.0.0.1:0
      upstream: http://127.0.0.1:8080
      provider: {preset: github, client-id: gw, client-secret: 'not-a-secret-of-anybody-0123456789'}
      """;

  @TempDir Path directory;

  private static List<String> presets() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertThat(names).contains("github.yaml", "keycloak.yaml");
      return names;
    }
  }

  @Test
  void eachJarCarriesThemAsTheyAre() throws Exception {
    for (Artefact jar : List.of(Artefact.gateway(), Artefact.filter(), Artefact.thin())) {
      for (String name : presets()) {
        assertThat(jar.text(RESOURCES + name))
            .as("%s in %s", name, jar.file())
            .isEqualTo(Files.readString(SOURCES.resolve(name), UTF_8));
      }
    }
  }

  @Test
  void theDistributionShowsThemAndReadsThem() throws Exception {
    run("tar", "-xzf", Artefact.distribution().file().toString(), "-C", directory.toString());
    Path home;
    try (Stream<Path> entries = Files.list(directory)) {
      home = entries.filter(entry -> !entry.toString().endsWith(".txt")).findFirst().orElseThrow();
    }

    for (String name : presets()) {
      assertThat(home.resolve("conf/presets").resolve(name))
          .hasSameTextualContentAs(SOURCES.resolve(name));
    }
    assertThat(run(home.resolve("bin/gatehouse").toString(), "check", "-c", configuration()))
        .contains(": holds");
  }

  @Test
  void theRunnableJarReadsThem() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String jar = Artefact.gateway().file().toString();

    assertThat(run(java, "-jar", jar, "check", "-c", configuration())).contains(": holds");
  }

  @Test
  void theFilterReadsThem() throws Exception {
    URL[] jar = {Artefact.filter().file().toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(jar, ClassLoader.getPlatformClassLoader())) {
      Class<?> reader = loader.loadClass("dev.gatehouse.config.ConfigReader");
      Class<?> door = loader.loadClass("dev.gatehouse.config.Door");
      Object filter = door.getField("FILTER").get(null);

      Object loaded =
          reader
              .getMethod("read", String.class, Path.class, Map.class, door)
              .invoke(null, YAML, directory, Map.of(), filter);

      Object config = loaded.getClass().getMethod("config").invoke(loaded);
      Object provider = config.getClass().getMethod("provider").invoke(config);
      assertThat(provider.getClass().getMethod("issuer").invoke(provider))
          .isEqualTo("https://github.com");
    }
  }

  /** In a directory of its own, so that no preset is beside it. */
  private String configuration() throws IOException {
    Path folder = Files.createTempDirectory(directory, "conf");
    return Files.writeString(folder.resolve("gatehouse.yaml"), YAML).toString();
  }

  /** Runs a command to its good end; what it printed. */
  private String run(String... command) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GATEHOUSE_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends in time").isTrue();
    String printed = Files.readString(output, UTF_8);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}

package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Goes through a login as a browser does. */
final class Browser {
  private static final int MOST_REDIRECTS = 10;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Map<String, String>> cookies = new TreeMap<>();

  /** Opens {@code url} and follows every redirect; the Cookie field that the last request had. */
  static String signIn(String url) {
    return new Browser().follow(URI.create(url));
  }

  private String follow(URI first) {
    URI url = first;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      Map<String, String> jar = cookies.computeIfAbsent(url.getAuthority(), a -> new TreeMap<>());
      String field =
          jar.entrySet().stream()
              .map(pair -> pair.getKey() + "=" + pair.getValue())
              .collect(Collectors.joining("; "));
      HttpResponse<String> response =
          send(client, url, field.isEmpty() ? Map.of() : Map.of("Cookie", field));
      response.headers().allValues("Set-Cookie").forEach(line -> keep(jar, line));
      if (response.statusCode() == 200) {
        return field;
      }
      if (response.statusCode() / 100 != 3) {
        throw new CompareFailure(
            "the login at "
                + first
                + " ends with "
                + response.statusCode()
                + " at "
                + url
                + ":\n"
                + response.body());
      }
      url = url.resolve(response.headers().firstValue("Location").orElseThrow());
    }
    throw new CompareFailure("the login at " + first + " never ends");
  }

  private static void keep(Map<String, String> jar, String line) {
    String[] pair = line.split(";", 2)[0].split("=", 2);
    if (pair[1].isEmpty()) {
      jar.remove(pair[0].strip());
    } else {
      jar.put(pair[0].strip(), pair[1]);
    }
  }

  static HttpResponse<String> get(String url, Map<String, String> headers) {
    return send(HttpClient.newBuilder().build(), URI.create(url), headers);
  }

  private static HttpResponse<String> send(
      HttpClient client, URI url, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .version(HttpClient.Version.HTTP_1_1)
            .header("Accept", "text/html,*/*");
    headers.forEach(request::header);
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CompareFailure("no answer from " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareFailure("interrupted", e);
    }
  }
}

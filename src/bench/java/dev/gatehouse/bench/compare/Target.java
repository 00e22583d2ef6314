package dev.gatehouse.bench.compare;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A way to the origin's files through a server, with what proves who asks.
 *
 * @param name for people
 * @param field name of the request header with the credential; empty where nobody asks for one
 */
record Target(String name, Server server, int kib, String field, String credential) {
  static Target open(String name, Server server) {
    return new Target(name, server, 1, "", "");
  }

  static Target gated(String name, Server server, String field, String credential) {
    return new Target(name, server, 1, field, credential);
  }

  Target ofKib(int other) {
    return new Target(name, server, other, field, credential);
  }

  String path() {
    return "/" + kib + "k";
  }

  String url() {
    return server.origin() + path();
  }

  /** The headers that every request of a load generator has. */
  Map<String, String> headers() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("User-Agent", "compare/1");
    all.put("Accept", "*/*");
    if (!field.isEmpty()) {
      all.put(field, credential);
    }
    return all;
  }

  /** Fails unless the file comes whole, and, behind a gate, only to whoever has the credential. */
  void check() {
    HttpResponse<String> right = Browser.get(url(), headers());
    if (right.statusCode() != 200 || !right.body().equals(Content.ofKib(kib))) {
      throw new CompareFailure(
          name
              + " answers "
              + right.statusCode()
              + " with a body of "
              + right.body().length()
              + " characters. It says:\n"
              + server.output());
    }
    if (field.isEmpty()) {
      return;
    }
    int without = Browser.get(url(), Map.of()).statusCode();
    int forged =
        Browser.get(url(), Map.of(field, credential.substring(0, credential.length() - 4) + "AAAA"))
            .statusCode();
    if (!refusal(without) || !refusal(forged)) {
      throw new CompareFailure(
          name
              + " answers "
              + without
              + " without a credential and "
              + forged
              + " with a wrong one; it has to refuse");
    }
  }

  private static boolean refusal(int status) {
    return status == 302 || status == 401;
  }
}

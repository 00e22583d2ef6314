package dev.gatehouse.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.Door;
import dev.gatehouse.config.GatehouseConfig;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The YAML that a scene's gateway reads: a plain configuration with a test's changes laid over. */
public final class Configuration {
  private static final ObjectMapper YAML = new YAMLMapper();

  private static final String PLAIN =
      """
      public-url: %s
      listen: 127.0.0.1:%d
      upstream: %s
      provider:
        issuer: %s
        client-id: %s
        client-secret: "%s"
        scopes: [openid, profile, email]
      identity:
        headers:
          X-Gatehouse-User: sub
          X-Gatehouse-Name: name
          X-Gatehouse-Email: email
          X-Gatehouse-Groups: groups
        roles: groups
      rules:
        - {path: /public/**, access: anonymous}
        - {path: /optional/**, access: optional}
        - {path: /denied/**, access: deny}
        - {path: /admin/**, access: login, require: {groups: admins}}
      insecure-allow-http: true
      """;

  private Configuration() {}

  /** The plain text for these surroundings, with {@code changes} laid over; null removes a key. */
  public static String text(String publicUrl, String upstream, String issuer, String... changes) {
    String plain =
        PLAIN.formatted(
            publicUrl,
            listenPort(publicUrl),
            upstream,
            issuer,
            StubOp.CLIENT_ID,
            StubOp.CLIENT_SECRET);
    try {
      Map<String, Object> all = map(plain);
      for (String each : changes) {
        all = laidOver(all, map(each));
      }
      return YAML.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with two OPs, {@code staff} and {@code partners}, instead of one. */
  static String withProviders(String yaml, String staff, String partners) {
    try {
      Map<String, Object> root = new LinkedHashMap<>(map(yaml));
      Object one = root.remove("provider");
      Map<String, Object> providers = new LinkedHashMap<>();
      providers.put("staff", laidOver(asMap(one), Map.of("issuer", staff)));
      providers.put("partners", laidOver(asMap(one), Map.of("issuer", partners)));
      root.put("providers", laidOver(providers, asMap(root.getOrDefault("providers", Map.of()))));
      return YAML.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(Object value) {
    return (Map<String, Object>) value;
  }

  /** The public URL's own port where it is on loopback, else any. */
  private static int listenPort(String publicUrl) {
    return publicUrl.startsWith("http://127.0.0.1:") ? URI.create(publicUrl).getPort() : 0;
  }

  /** Reads {@code yaml} as that door does. */
  public static GatehouseConfig read(String yaml, Door door) {
    try {
      return ConfigReader.read(yaml, Path.of("."), Map.of(), door).config();
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(String yaml) throws JsonProcessingException {
    return yaml.isBlank() ? Map.of() : YAML.readValue(yaml, Map.class);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> laidOver(
      Map<String, Object> plain, Map<String, Object> changes) {
    Map<String, Object> result = new LinkedHashMap<>(plain);
    changes.forEach(
        (key, value) -> {
          if (value == null) {
            result.remove(key);
          } else if (value instanceof Map<?, ?> && result.get(key) instanceof Map<?, ?> below) {
            result.put(key, laidOver((Map<String, Object>) below, (Map<String, Object>) value));
          } else {
            result.put(key, value);
          }
        });
    return result;
  }
}

package dev.gatehouse.jose;

import dev.gatehouse.backchannel.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the OP's JWKS held when it was fetched (RFC 7517 §5). Immutable. */
public final class SigningKeys {
  private static final int MAX_KEYS = 100;

  private final List<SigningKey> keys;

  private SigningKeys(List<SigningKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Reads a JWK set; empty where it is none or holds no key that can be trusted. */
  public static Optional<SigningKeys> parse(JsonObject jwkSet) {
    List<SigningKey> keys = new ArrayList<>();
    for (Object member : jwkSet.array("keys").orElse(List.of())) {
      if (member instanceof Map<?, ?> key && keys.size() < MAX_KEYS) {
        Map<String, Object> named = new LinkedHashMap<>();
        key.forEach((name, value) -> named.put(String.valueOf(name), value));
        SigningKey.parse(named).ifPresent(keys::add);
      }
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(new SigningKeys(keys));
  }

  /** The keys that may have made a signature; all that fit where the header names none. */
  List<SigningKey> candidates(JwsAlgorithm algorithm, Optional<String> kid) {
    return keys.stream()
        .filter(key -> key.fits(algorithm))
        .filter(key -> kid.isEmpty() || key.kid().equals(kid))
        .toList();
  }
}

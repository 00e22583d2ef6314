package dev.gatehouse.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.access.Authentication;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.Provider;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a session as bytes and reads it back; the identity headers are made anew from the claims.
 * Immutable, safe for concurrent use.
 */
public final class SealedSessionFormat {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

  private final IdentityMapper identities;
  private final Map<String, Provider> providers;

  /**
   * @param identities makes the headers, as at login
   * @param providers the OPs by name: a session is good only where it was made at one of them, by
   *     the same client (TH-SES-11)
   */
  public SealedSessionFormat(IdentityMapper identities, Map<String, Provider> providers) {
    this.identities = Objects.requireNonNull(identities, "identities");
    this.providers = Map.copyOf(providers);
  }

  byte[] write(Session session, Optional<Secret> idToken, Instant usedAt) {
    ObjectNode json = JSON.createObjectNode();
    SessionKey key = session.key();
    json.putArray("k").add(key.a()).add(key.b()).add(key.c()).add(key.d());
    json.put("p", session.provider());
    json.put("a", clientId(session.provider()));
    json.put("i", session.identity().issuer());
    json.put("s", session.identity().subject());
    json.set("c", JSON.valueToTree(session.identity().claims()));
    json.put("f", session.csrfToken().reveal());
    idToken.ifPresent(token -> json.put("t", token.reveal()));
    // The access token is fetched anew when it is needed; it would be the largest part.
    session.tokens().refreshToken().ifPresent(token -> json.put("r", token.reveal()));
    session.tokens().expiresAt().ifPresent(end -> json.put("x", end.toEpochMilli()));
    if (session.tokens().assumed()) {
      json.put("xa", true);
    }
    session.opSessionId().ifPresent(sid -> json.put("o", sid));
    json.put("b", session.createdAt().toEpochMilli());
    json.put("u", usedAt.toEpochMilli());
    json.put("e", session.expiresAt().toEpochMilli());
    write(json, session.authentication());
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON values can be written", e);
    }
  }

  private static void write(ObjectNode json, Authentication authentication) {
    authentication.at().ifPresent(at -> json.put("ht", at.toEpochMilli()));
    authentication.acr().ifPresent(acr -> json.put("ha", acr));
    json.put("hs", String.join(" ", authentication.scopes()));
    // What was demanded counts for its scopes and for a moment after the login, no longer.
    json.put("hq", String.join(" ", authentication.demanded().scopes()));
    authentication.demanded().maxAge().ifPresent(age -> json.put("hm", age.toSeconds()));
  }

  private static Authentication authentication(JsonNode json) {
    return new Authentication(
        json.has("ht")
            ? Optional.of(Instant.ofEpochMilli(json.path("ht").asLong()))
            : Optional.empty(),
        text(json, "ha"),
        words(json, "hs"),
        new AuthenticationDemand(
            List.of(),
            json.has("hm")
                ? Optional.of(Duration.ofSeconds(json.path("hm").asLong()))
                : Optional.empty(),
            words(json, "hq")));
  }

  private static Set<String> words(JsonNode json, String name) {
    return text(json, name)
        .filter(words -> !words.isEmpty())
        .map(words -> new LinkedHashSet<>(List.of(words.split(" "))))
        .orElseGet(LinkedHashSet::new);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @return empty where another version or configuration wrote it: the user signs in again
   */
  Optional<Session> read(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      if (!isOurs(json)) {
        return Optional.empty();
      }
      IdentityMapper.Mapping mapping =
          identities.map(
              json.path("i").asText(),
              json.path("s").asText(),
              JSON.convertValue(json.path("c"), CLAIMS));
      return mapping instanceof IdentityMapper.Mapping.Mapped mapped
          ? Optional.of(session(json, mapped.identity()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean isOurs(JsonNode json) {
    Provider provider = providers.get(json.path("p").asText());
    return provider != null
        && provider.issuer().equals(json.path("i").asText())
        && provider.clientId().equals(json.path("a").asText());
  }

  private String clientId(String provider) {
    return Optional.ofNullable(providers.get(provider)).map(Provider::clientId).orElse("");
  }

  private static Session session(JsonNode json, Identity identity) {
    JsonNode key = json.path("k");
    Session session =
        new Session(
            new SessionKey(
                key.path(0).asLong(),
                key.path(1).asLong(),
                key.path(2).asLong(),
                key.path(3).asLong()),
            json.path("p").asText(),
            identity,
            new SessionTokens(
                Optional.empty(),
                text(json, "r").map(Secret::of),
                json.has("x")
                    ? Optional.of(Instant.ofEpochMilli(json.path("x").asLong()))
                    : Optional.empty(),
                json.path("xa").asBoolean()),
            Secret.of(json.path("f").asText()),
            text(json, "t").map(Secret::of),
            text(json, "o"),
            Instant.ofEpochMilli(json.path("b").asLong()),
            Instant.ofEpochMilli(json.path("e").asLong()));
    session.authenticated(authentication(json));
    session.use(Instant.ofEpochMilli(json.path("u").asLong()));
    return session;
  }

  private static Optional<String> text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }
}

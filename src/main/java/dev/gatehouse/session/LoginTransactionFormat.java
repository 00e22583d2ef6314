package dev.gatehouse.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Writes login transactions as bytes and reads them back; short, for they travel in cookies. */
final class LoginTransactionFormat {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LoginTransactionFormat() {}

  static byte[] write(LoginTransaction transaction) {
    ObjectNode json = JSON.createObjectNode();
    json.put("s", transaction.state().reveal());
    json.put("p", transaction.provider());
    json.put("i", transaction.issuer());
    json.put("u", transaction.redirectUri());
    json.put("v", transaction.codeVerifier().reveal());
    json.put("n", transaction.nonce().reveal());
    json.put("r", transaction.returnTarget());
    // In full: of tabs that a browser restores within one millisecond one is the oldest too.
    json.put("t", transaction.createdAt().toString());
    json.put("a", transaction.again());
    write(json, transaction.demand());
    transaction.serverState().ifPresent(value -> json.put("z", value.reveal()));
    transaction
        .replaced()
        .ifPresent(key -> json.putArray("o").add(key.a()).add(key.b()).add(key.c()).add(key.d()));
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings can be written", e);
    }
  }

  private static void write(ObjectNode json, AuthenticationDemand demand) {
    if (!demand.acrValues().isEmpty()) {
      demand.acrValues().forEach(json.putArray("da")::add);
    }
    demand.maxAge().ifPresent(age -> json.put("dm", age.toSeconds()));
    if (!demand.scopes().isEmpty()) {
      demand.scopes().forEach(json.putArray("ds")::add);
    }
  }

  /** Reads what {@link #write} wrote; empty where another version wrote it. */
  static Optional<LoginTransaction> read(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      return Optional.of(
          new LoginTransaction(
              Secret.of(json.path("s").asText()),
              json.path("p").asText(),
              json.path("i").asText(),
              json.path("u").asText(),
              Secret.of(json.path("v").asText()),
              Secret.of(json.path("n").asText()),
              json.path("r").asText(),
              Instant.parse(json.path("t").asText()),
              json.path("a").asBoolean(),
              new AuthenticationDemand(
                  texts(json.path("da")),
                  json.has("dm")
                      ? Optional.of(Duration.ofSeconds(json.path("dm").asLong()))
                      : Optional.empty(),
                  new LinkedHashSet<>(texts(json.path("ds")))),
              json.has("o") ? Optional.of(key(json.path("o"))) : Optional.empty(),
              json.has("z") ? Optional.of(Secret.of(json.path("z").asText())) : Optional.empty()));
    } catch (IOException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static SessionKey key(JsonNode json) {
    return new SessionKey(
        json.path(0).asLong(), json.path(1).asLong(), json.path(2).asLong(), json.path(3).asLong());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}

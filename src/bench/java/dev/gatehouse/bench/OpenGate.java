package dev.gatehouse.bench;

import dev.gatehouse.config.Door;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.testkit.Configuration;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;

/** The engine as it runs, with an OP of the tests in the same process and no door. */
final class OpenGate implements AutoCloseable {
  private static final String RULES =
      """
      identity: {headers: {X-Gatehouse-User: sub, X-Gatehouse-Email: email, X-Gatehouse-Groups: groups}}
      bearer: {audience: https://api.example, validation: %s, provider: provider}
      rules:
        - {path: /static/**, access: anonymous}
        - {path: /orders/**, access: login}
        - {path: /admin/**, access: login, require: {groups: admins}}
        - {path: /api/orders/**, access: bearer, scopes: [orders.read]}
        - {path: /api/**, access: bearer, scopes: [api]}
        - {path: /reports/**, methods: [POST], access: login, require: {groups: editors}}
      """;

  /** With sub, name, email, email_verified, groups and what a token has to have: ten and more. */
  private static final Map<String, Object> PROFILE =
      Map.of(
          "given_name", "Alice",
          "family_name", "Anders",
          "preferred_username", "alice",
          "locale", "en-GB",
          "zoneinfo", "Europe/London",
          "department", "Purchasing");

  private final StubOp op;
  private final Gate gate;

  private OpenGate(StubOp op, Gate gate) {
    this.op = op;
    this.gate = gate;
  }

  /**
   * Opens it, ready for logins.
   *
   * @param validation of access tokens: jwt or introspection
   * @param changes further settings, as YAML
   */
  static OpenGate open(String validation, String changes) {
    StubOp op = StubOp.start(Clock.systemUTC());
    Plan plan = Plan.honest();
    PROFILE.forEach(plan::claim);
    op.usually(plan);
    GatehouseConfig config =
        Configuration.read(
            Configuration.text(
                "https://app.example",
                "http://127.0.0.1:1",
                op.issuer(),
                RULES.formatted(validation) + changes),
            Door.STANDALONE);
    Gate gate = Gate.open(config, Clock.systemUTC(), new SecureRandom());
    gate.awaitProviders(Duration.ofSeconds(30));
    return new OpenGate(op, gate);
  }

  Gate gate() {
    return gate;
  }

  /** The Cookie field of a browser in which Alice has signed in. */
  HttpField signIn() {
    HttpField others = new HttpField("Cookie", "JSESSIONID=0123456789ABCDEF; theme=dark");
    Decision.Answer begun = answer(BrowserRequest.get("/orders/1", others));
    String transaction = pair(begun, "__Host-gh_t.");
    URI callback = URI.create(throughOp(field(begun, "Location").split("#")[0]));
    Decision.Answer done =
        answer(
            BrowserRequest.get(
                callback.getRawPath() + "?" + callback.getRawQuery(),
                new HttpField("Cookie", transaction)));
    return new HttpField("Cookie", others.getValue() + "; " + pair(done, "__Host-gh_s"));
  }

  /** The Authorization field of a client with a fresh access token that the OP signed. */
  HttpField jwt() {
    Map<String, Object> claims = new LinkedHashMap<>(PROFILE);
    claims.put("email", "alice@example.com");
    claims.put("groups", List.of("users", "everyone"));
    return bearer(
        op.accessToken(
            TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "orders.read"), claims));
  }

  /** The Authorization field of a client with a fresh access token about which the OP is asked. */
  HttpField opaque() {
    Map<String, Object> answer = new LinkedHashMap<>(PROFILE);
    answer.put("active", true);
    answer.put("iss", op.issuer());
    answer.put("aud", StubOp.API);
    answer.put("sub", "alice-1");
    answer.put("email", "alice@example.com");
    answer.put("groups", List.of("users", "everyone"));
    answer.put("scope", "orders.read");
    answer.put("token_type", "Bearer");
    answer.put("exp", Instant.now().getEpochSecond() + 3600);
    return bearer(op.opaqueToken(answer));
  }

  private static HttpField bearer(String token) {
    return new HttpField("Authorization", "Bearer " + token);
  }

  /** The decision once the OP has said what there is to say. */
  Decision settled(BrowserRequest request) {
    Decision decision = gate.decide(request);
    while (decision instanceof Decision.Pending pending) {
      decision = pending.outcome().toCompletableFuture().join();
    }
    return decision;
  }

  private Decision.Answer answer(BrowserRequest request) {
    if (settled(request) instanceof Decision.Answer answer && answer.status() < 400) {
      return answer;
    }
    throw new IllegalStateException("the login fails: " + settled(request));
  }

  private static String throughOp(String url) {
    try {
      HttpResponse<Void> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url)).build(),
                  HttpResponse.BodyHandlers.discarding());
      return response.headers().firstValue("Location").orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String field(Decision.Answer answer, String name) {
    return answer.headers().stream()
        .filter(header -> header.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static String pair(Decision.Answer answer, String cookie) {
    return answer.headers().stream()
        .filter(header -> header.name().equals("Set-Cookie"))
        .map(header -> header.value().split(";")[0])
        .filter(line -> line.startsWith(cookie) && !line.endsWith("="))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    gate.close();
    op.close();
  }
}

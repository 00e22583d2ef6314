package dev.gatehouse.servlet;

import static java.util.stream.Collectors.joining;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.gate.ClientRequest;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.gate.RequestPath;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a gate says of a request that it lets pass. */
record FakeForward(RequestPath path, String rawQuery, Optional<Identity> identity, AccessRule rule)
    implements Forward {

  static FakeForward as(String subject) {
    Identity identity =
        new Identity(
            "https://op.example",
            subject,
            List.of(new HeaderField("X-Gatehouse-User", subject)),
            Set.of("staff"),
            Map.of("sub", subject));
    return of(Optional.of(identity), Access.LOGIN);
  }

  static FakeForward nobody(Access access) {
    return of(Optional.empty(), access);
  }

  private static FakeForward of(Optional<Identity> identity, Access access) {
    return new FakeForward(
        new RequestPath("/", "/", false),
        null,
        identity,
        new AccessRule("/**", Set.of(), access, Map.of(), Set.of(), 0));
  }

  /** With another query than the client's. */
  FakeForward showing(String query) {
    return new FakeForward(path, query, identity, rule);
  }

  FakeForward to(ClientRequest request) {
    return new FakeForward(path, request.rawQuery(), identity, rule);
  }

  @Override
  public String cleanQuery() {
    return rawQuery == null ? null : rawQuery.replaceAll("&access_token=[^&]*", "");
  }

  @Override
  public PublicUrl publicUrl() {
    return new PublicUrl("https", "app.example", "");
  }

  @Override
  public boolean stillHolds(boolean used) {
    return true;
  }

  @Override
  public boolean removes(String name) {
    String folded = name.strip().replace('_', '-').replace('.', '-').toLowerCase(Locale.ROOT);
    return folded.startsWith("x-gatehouse-") || folded.equals("remote-user");
  }

  @Override
  public String referer(String value) {
    return value;
  }

  @Override
  public String cookie(String value) {
    String kept =
        Stream.of(value.split(";"))
            .map(String::strip)
            .filter(pair -> !pair.startsWith("gh_"))
            .collect(joining("; "));
    return kept.isEmpty() ? null : kept;
  }

  @Override
  public List<HeaderField> added() {
    return identity.map(Identity::headers).orElse(List.of());
  }

  @Override
  public AnswerPolicy answer() {
    return new FakePolicy();
  }

  /** Private answers, a renewed session cookie, and no gateway cookie from the app. */
  private static final class FakePolicy implements AnswerPolicy {
    @Override
    public String field(String name, String value) {
      if (name.equalsIgnoreCase("Set-Cookie")) {
        return value.startsWith("gh_") ? null : value;
      }
      if (name.equalsIgnoreCase("Location")) {
        return value.contains("token") ? null : value;
      }
      return name.equalsIgnoreCase("Cache-Control") ? value.replace("public", "private") : value;
    }

    @Override
    public boolean refuses(String name, String value) {
      return value.contains("refuse-me");
    }

    @Override
    public List<HeaderField> defaults() {
      return List.of(
          new HeaderField("Cache-Control", "private, no-store"),
          new HeaderField("Referrer-Policy", "strict-origin-when-cross-origin"));
    }

    @Override
    public List<HeaderField> added() {
      return List.of(
          new HeaderField("Vary", "Cookie, Authorization"),
          new HeaderField("Set-Cookie", "gh_s=renewed; Path=/"));
    }
  }
}

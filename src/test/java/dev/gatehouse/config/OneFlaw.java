package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.config.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A configuration that holds, and what becomes of it when one place in it is changed: each refusal
 * is shown next to the same file with that place mended.
 */
final class OneFlaw {
  static final String CLIENT_SECRET = "Jx7-marker-of-the-client-secret";
  static final String SESSION_KEY = "q0XyJ8mV3nB5tZ7wE1rK9pL2sD4fG6hU8iO0aQcYxTs";
  static final Map<String, String> ENVIRONMENT =
      Map.of("CLIENT_SECRET", CLIENT_SECRET, "SESSION_KEY", SESSION_KEY);
  static final String GOOD =
      """
      public-url: https://app.example
      listen: 127.0.0.1:8443
      upstream: http://127.0.0.1:8080
      provider:
        issuer: https://op.example
        client-id: gw
        client-secret: ${env:CLIENT_SECRET}
        client-authentication: client-secret-basic
        scopes: [openid, profile]
        signing-algorithms: [RS256]
        authorization-parameters: {ui_locales: ko}
      login: {transaction-lifetime: 10m, max-pending: 8}
      session:
        store: memory
        idle-timeout: 30m
        max-lifetime: 8h
        keys:
          - ${env:SESSION_KEY}
        polling-paths: [/poll]
      identity:
        headers: {X-User: sub, X-Mail: email}
        required: [X-User]
      rules:
        - {path: /static/**, access: anonymous}
        - {path: /admin/**, access: login, methods: [GET], require: {groups: admins}}
      trusted-proxies: [10.0.0.0/8]
      management: {listen: 127.0.0.1:9090}
      logout: {app-cookies: [JSESSIONID]}
      limits: {max-head: 32KiB, max-body: 2GiB}
      backchannel: {deadline: 10s}
      insecure-allow-http: false
      """;

  private OneFlaw() {}

  /** Loads as the standalone gateway does. */
  static LoadedConfig load(String yaml) throws ConfigException {
    return ConfigReader.read(yaml, Path.of("/nowhere"), ENVIRONMENT, Door.STANDALONE);
  }

  /** All problems of a configuration that is refused. */
  static List<ConfigProblem> problems(String yaml) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(yaml));
    assertThat(refused).as("refusal of%n%s", yaml).isNotNull();
    return refused.problems();
  }

  /**
   * Puts {@code broken} in the place of {@code good}: exactly one error with that code and key, on
   * that line; puts {@code mended} there: loads, without a warning.
   */
  static void isRefused(String good, String broken, String mended, String code, String key)
      throws ConfigException {
    assertThat(load(changed(good, mended)).warnings()).isEmpty();

    String yaml = changed(good, broken);
    List<ConfigProblem> problems = problems(yaml);

    assertThat(problems)
        .as("problems of %s", broken)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Severity.ERROR);
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).hasSizeGreaterThan(20);
              assertThat(problem.line()).isBetween(lineOfChange(yaml) - 1, lineOfChange(yaml) + 1);
            });
  }

  /** {@link #GOOD} with one place changed; {@code \n} in a change is a line end. */
  static String changed(String good, String change) {
    assertThat(GOOD).containsOnlyOnce(good);
    return GOOD.replace(good, change.replace("\\n", "\n"));
  }

  private static int lineOfChange(String yaml) {
    List<String> before = GOOD.lines().toList();
    List<String> after = yaml.lines().toList();
    int same = 0;
    while (before.get(same).equals(after.get(same))) {
      same++;
    }
    return same + 1;
  }
}

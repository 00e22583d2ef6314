package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.Handling;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.GatehouseConfig.JwtValues;
import dev.gatehouse.config.GatehouseConfig.TokenHygiene;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of tokens where they do not belong. */
class HygieneSettingsTest {

  @ParameterizedTest
  @EnumSource(HygieneMode.class)
  void bareModeAndSectionSayTheSame(HygieneMode mode) throws ConfigException {
    String word = mode.name().toLowerCase(Locale.ROOT);

    assertThat(read("token-hygiene: " + word + "\n"))
        .isEqualTo(read("token-hygiene: {mode: " + word + "}\n"))
        .isEqualTo(new TokenHygiene(mode, List.of(), JwtValues.REPORT, false, 64 * 1024));
  }

  @Test
  void allOfTheSectionIsRead() throws ConfigException {
    assertThat(
            read(
                "token-hygiene: {mode: strip, names: [ticket], jwt-values: as-token,"
                    + " scan-responses: true, max-peek: 8KiB}\n"))
        .isEqualTo(
            new TokenHygiene(
                HygieneMode.STRIP, List.of("ticket"), JwtValues.AS_TOKEN, true, 8 * 1024));
  }

  @Test
  void variableOfTheBareNameTakesPrecedence() throws ConfigException {
    Map<String, String> environment = new HashMap<>(OneFlaw.ENVIRONMENT);
    environment.put("GATEHOUSE_TOKEN_HYGIENE", "report");

    LoadedConfig loaded =
        ConfigReader.read(
            OneFlaw.GOOD + "token-hygiene: strip\n",
            Path.of("/nowhere"),
            environment,
            Door.STANDALONE);

    assertThat(loaded.config().tokenHygiene().mode()).isEqualTo(HygieneMode.REPORT);
  }

  @Test
  @Rule("TH-LEAK-16")
  void ruleThatDiffersNeedsAReason() throws ConfigException {
    String differs = "/static/**, access: anonymous, token-hygiene: report";

    OneFlaw.isRefused(
        "/static/**, access: anonymous",
        differs,
        differs + ", reason: partners link so until May",
        "reason-missing",
        "rules[0].token-hygiene");
  }

  @Test
  void ruleSaysHowItsRequestsAreHandled() throws ConfigException {
    String rules =
        "rules: [{path: /api/**, access: bearer, token-hygiene: strip, reason: old clients,"
            + " forward-token: true, path-parameters: forward}]\n"
            + "bearer: {audience: https://api.example}\n";
    String yaml = OneFlaw.GOOD.replaceAll("(?m)^rules:\\n( .*\\n)+", rules);

    assertThat(OneFlaw.load(yaml).config().rules())
        .singleElement()
        .satisfies(
            rule ->
                assertThat(rule.handling())
                    .isEqualTo(
                        new Handling(
                            Optional.of(HygieneMode.STRIP),
                            Optional.of("old clients"),
                            true,
                            true)));
  }

  @Test
  void tokenCannotBeForwardedWhereNoneIsTaken() throws ConfigException {
    OneFlaw.isRefused(
        "/static/**, access: anonymous",
        "/static/**, access: anonymous, forward-token: true",
        "/static/**, access: anonymous, forward-token: false",
        "rule-conflict",
        "rules[0].forward-token");
  }

  private static TokenHygiene read(String yaml) throws ConfigException {
    return OneFlaw.load(OneFlaw.GOOD + yaml).config().tokenHygiene();
  }
}

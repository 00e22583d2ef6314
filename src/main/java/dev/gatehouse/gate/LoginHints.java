package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.config.PublicUrl;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a link to the login may say beside {@code rd}: where it leads and hints for the OP (OpenID
 * Connect Core §4). All of it is anybody's to write: what is not as it should be is as good as
 * absent (TH-AUTHZ-6).
 */
final class LoginHints {
  private static final String LOGIN_HINT = "login_hint";
  private static final String UI_LOCALES = "ui_locales";
  private static final String TARGET = "target_link_uri";

  /** What a third party may send; all else stays behind. */
  private static final List<String> INITIATION =
      List.of("iss", LOGIN_HINT, TARGET, UI_LOCALES, "provider", "rd");

  private static final int MAX_HINT_CHARS = 256;
  private static final int MAX_LOCALES_CHARS = 128;

  /** BCP 47 language tags, as far as their syntax goes. */
  private static final Pattern LOCALES =
      Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*( [A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)*");

  private LoginHints() {}

  /** The hints for the OP; whether it gets them is for the operator to say. */
  static Map<String, String> read(CallbackParameters parameters) {
    Map<String, String> hints = new LinkedHashMap<>();
    parameters
        .only(LOGIN_HINT)
        .filter(hint -> hint.length() <= MAX_HINT_CHARS)
        .filter(hint -> hint.codePoints().allMatch(LogText::printable))
        .ifPresent(hint -> hints.put(LOGIN_HINT, hint));
    parameters
        .only(UI_LOCALES)
        .filter(locales -> locales.length() <= MAX_LOCALES_CHARS)
        .filter(locales -> LOCALES.matcher(locales).matches())
        .ifPresent(locales -> hints.put(UI_LOCALES, locales));
    return hints;
  }

  /**
   * Where the link leads: {@code rd}, else {@code target_link_uri}, which may name our own origin;
   * to a page of this app in any case (TH-REDIR-6).
   */
  static String target(CallbackParameters parameters, PublicUrl publicUrl) {
    Optional<String> linked = parameters.has("rd") ? Optional.empty() : parameters.only(TARGET);
    if (linked.isEmpty()) {
      return ReturnTarget.safe(parameters.first("rd").orElse(null), publicUrl, List.of());
    }
    String safe = ReturnTarget.safe(linked.get(), publicUrl, List.of(publicUrl.origin()));
    return safe.startsWith(publicUrl.origin() + "/")
        ? safe.substring(publicUrl.origin().length())
        : safe;
  }

  /** The query of a link that says what {@code form} says, and no more. */
  static String query(CallbackParameters form) {
    List<String> pairs = new ArrayList<>();
    for (String name : INITIATION) {
      form.all(name).forEach(value -> pairs.add(name + "=" + URLEncoder.encode(value, UTF_8)));
    }
    return String.join("&", pairs);
  }
}

package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Provider.Request;
import dev.gatehouse.config.Provider.ResponseMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads what authentication requests to one OP ask for. */
final class RequestSettings {
  private static final Set<String> OWN_PARAMETERS =
      Set.of(
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "nonce",
          "code_challenge",
          "code_challenge_method",
          "dpop_jkt",
          "request",
          "request_uri",
          "response_mode",
          "server_state",
          "id_token_hint");
  private static final Map<String, String> OWN_SETTING =
      Map.of(
          "max_age",
          "max-age",
          "acr_values",
          "acr-values",
          "prompt",
          "prompt",
          "resource",
          "resource",
          "ui_locales",
          "ui-locales");
  private static final Set<String> VERIFIED = Set.of("max_age", "acr_values");
  private static final Set<String> FORWARDABLE = Set.of("login_hint", "ui_locales");

  private final Values values;
  private final String prefix;
  private final boolean fapi2;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  RequestSettings(Values values, String prefix, boolean fapi2) {
    this.values = values;
    this.prefix = prefix;
    this.fapi2 = fapi2;
  }

  /** What is asked for. */
  Request read() {
    boolean alwaysSigned = always("request-object");
    if (alwaysSigned && values.scalar(prefix + "client-key").isEmpty()) {
      values.error(
          "client-key-missing",
          prefix + "request-object",
          "is always, but there is no key to sign with; name its file in " + prefix + "client-key");
    }
    warnOfForms();
    return new Request(
        scopes(),
        parameters(),
        fapi2 || always("pushed-authorization"),
        alwaysSigned,
        responseMode(),
        resources(),
        values.text(prefix + "prompt"),
        values.texts(prefix + "acr-values"),
        values.optionalDuration(prefix + "max-age"),
        values.texts(prefix + "ui-locales"),
        forwarded());
  }

  // Browsers keep cookies for forms from other sites only with Secure, which http is not.
  private void warnOfForms() {
    String key = prefix + "response-mode";
    if (values.choice(key).filter("form_post"::equals).isPresent()
        && values.text("public-url").filter(url -> url.startsWith("http:")).isPresent()) {
      values.warn(
          "form-post-http",
          key,
          "is form_post with an http public-url: only browsers that take loopback for secure"
              + " (Chromium, Firefox) can sign in; use https, or response-mode: query");
    }
  }

  private boolean always(String name) {
    return values.choice(prefix + name).filter("always"::equals).isPresent();
  }

  private List<String> scopes() {
    String key = prefix + "scopes";
    values.items(key).forEach((place, scope) -> ScopeToken.check(values, place, scope));
    return values.texts(key).stream().distinct().toList();
  }

  private ResponseMode responseMode() {
    String key = prefix + "response-mode";
    if (values.text(key).orElse("").startsWith("fragment")) {
      values.error(
          "implicit-refused",
          key,
          "is fragment, which leaves the code in the browser's history"
              + " and hides it from the gateway; write query, form_post or jwt");
      return ResponseMode.QUERY;
    }
    return values
        .choice(key)
        .map(choice -> ResponseMode.valueOf(choice.toUpperCase(Locale.ROOT)))
        .orElse(ResponseMode.QUERY);
  }

  private List<String> resources() {
    String key = prefix + "resource";
    values.items(key).forEach((place, resource) -> checkResource(place, resource.text()));
    return values.texts(key);
  }

  private void checkResource(String key, String value) {
    if (WebUrl.parse(value).filter(uri -> uri.getRawFragment() == null).isEmpty()) {
      values.error("resource", key, "must be an absolute URL without fragment (RFC 8707 §2)");
    }
  }

  private Set<String> forwarded() {
    String key = prefix + "forwarded-parameters";
    values
        .items(key)
        .forEach(
            (place, name) -> {
              if (!FORWARDABLE.contains(name.text())) {
                values.error(
                    "reserved-parameter",
                    place,
                    "is " + name.shown() + "; a link may set login_hint and ui_locales alone");
              }
            });
    return Set.copyOf(values.texts(key));
  }

  private Map<String, String> parameters() {
    String key = prefix + "authorization-parameters";
    Map<String, String> parameters = new LinkedHashMap<>();
    values
        .map(key)
        .forEach(
            (name, node) -> {
              String value = ((Scalar) node).text();
              check(key + "." + name, name);
              if (name.equals("resource")) {
                checkResource(key + "." + name, value);
              }
              parameters.put(name, value);
            });
    return parameters;
  }

  // Twice in one request is once too often (RFC 6749 §3.1).
  private boolean hasOwnSetting(String name) {
    return OWN_SETTING.containsKey(name) && values.isWritten(prefix + OWN_SETTING.get(name));
  }

  private void check(String key, String name) {
    if (name.equals("response_type")) {
      values.error(
          "implicit-refused", key, "is fixed to code: no other flow is offered; remove it");
    } else if (name.equals("client_secret") || name.equals("client_assertion")) {
      values.error(
          "secret-in-url",
          key,
          "would show the secret to every browser, log and history on the way; remove it");
    } else if (OWN_PARAMETERS.contains(name)) {
      values.error("reserved-parameter", key, "is written by the gateway itself; remove it");
    } else if (VERIFIED.contains(name) || hasOwnSetting(name)) {
      values.error(
          "reserved-parameter",
          key,
          "has a setting of its own; write " + prefix + OWN_SETTING.get(name) + " instead");
    } else if (name.equals("claims")) {
      values.error(
          "reserved-parameter",
          key,
          "asks for what the gateway would not verify in the answer; remove it");
    }
  }
}

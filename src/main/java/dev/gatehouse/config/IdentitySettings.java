package dev.gatehouse.config;

import dev.gatehouse.config.IdentityMapping.AppAuthorization;
import dev.gatehouse.config.Node.Scalar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what the app is told, and under which names. */
final class IdentitySettings {
  private static final String USER = "identity.remote-user";

  // RFC 9110 §5.6.2
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  // Names that mean something to HTTP itself or to whoever forwards it. A claim in one of them
  // could
  // change where a request ends, what it asks for, or whom it seems to come from.
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "cookie",
          "set-cookie",
          "authorization",
          "proxy-authorization",
          "proxy-authenticate",
          "www-authenticate",
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "via",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto",
          "x-forwarded-port",
          "x-forwarded-server",
          "x-forwarded-prefix",
          "x-forwarded-path",
          "x-real-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "range",
          "max-forwards",
          "origin",
          "referer",
          "location",
          "date");

  /** Claims that users may change or that another user may get (OpenID Connect Core §5.7). */
  private static final Set<String> UNSTABLE =
      Set.of("email", "name", "nickname", "given_name", "preferred_username", "phone_number");

  private final Values values;

  IdentitySettings(Values values) {
    this.values = values;
  }

  /** The mapping of claims to headers, without what proves it. */
  IdentityMapping read() {
    String user = values.text(USER).orElse(IdentityMapping.SUBJECT);
    if (UNSTABLE.contains(user)) {
      values.warn(
          "unstable-user",
          USER,
          "is "
              + user
              + ", which the OP may change or give to somebody else; sub is the one claim that"
              + " stays (OpenID Connect Core §5.7)");
    }
    List<IdentityHeader> fields = fields(user);
    return new IdentityMapping(
        fields,
        required(fields),
        values.text("identity.roles").orElse("groups"),
        user,
        Optional.empty(),
        new AppAuthorization.None());
  }

  private List<IdentityHeader> fields(String user) {
    Optional<IdentityPreset> preset = values.choice("identity.preset").map(IdentityPreset::of);
    HeaderEncoding encoding =
        Optional.of("identity.encoding")
            .filter(values::isWritten)
            .flatMap(values::choice)
            .map(HeaderEncoding::of)
            .orElse(preset.map(IdentityPreset::encoding).orElse(HeaderEncoding.PERCENT));
    Optional<ListFormat> lists =
        Optional.of("identity.lists")
            .filter(values::isWritten)
            .flatMap(values::choice)
            .map(ListFormat::of);
    // An app folds names; what is written takes the place of the preset's field of that name.
    Map<String, IdentityHeader> byName = new LinkedHashMap<>();
    preset.ifPresent(
        product ->
            product
                .headers(user)
                .forEach(
                    field ->
                        byName.put(
                            fold(field.name()),
                            field
                                .written(encoding)
                                .listed(
                                    field.lists() == ListFormat.SINGLE
                                        ? ListFormat.SINGLE
                                        : lists.orElse(field.lists())))));
    if (preset.isEmpty() || values.isWritten("identity.headers")) {
      ListFormat usual = lists.orElse(ListFormat.COMMA);
      headers()
          .forEach(
              (name, claim) ->
                  byName.put(fold(name), new IdentityHeader(name, claim, encoding, usual)));
    }
    each("identity.header-encodings", byName, HeaderEncoding.words())
        .forEach(
            (name, word) ->
                byName.computeIfPresent(
                    name, (key, field) -> field.written(HeaderEncoding.of(word))));
    each("identity.header-lists", byName, ListFormat.words())
        .forEach(
            (name, word) ->
                byName.computeIfPresent(name, (key, field) -> field.listed(ListFormat.of(word))));
    warnOfRepeats(byName);
    return List.copyOf(byName.values());
  }

  private void warnOfRepeats(Map<String, IdentityHeader> fields) {
    boolean repeats =
        fields.values().stream().anyMatch(field -> field.lists() == ListFormat.REPEAT);
    if (repeats && values.flag("forward-auth.enabled")) {
      values.warn(
          "list-repeat",
          "identity.lists",
          "is repeat for a header, but a proxy that asks may pass on the first field of a name"
              + " alone; write comma or json");
    }
  }

  /** What is written for single headers, by folded name; what is refused is left out. */
  private Map<String, String> each(
      String setting, Map<String, IdentityHeader> fields, List<String> words) {
    Map<String, String> found = new LinkedHashMap<>();
    values
        .map(setting)
        .forEach(
            (name, node) -> {
              String key = setting + "." + name;
              String word = ((Scalar) node).text();
              if (!fields.containsKey(fold(name))) {
                values.error("header-name", key, "is no header that the app gets" + known(fields));
              } else if (!words.contains(word)) {
                values.error(
                    "bad-value",
                    key,
                    "is " + ((Scalar) node).shown() + "; write one of " + String.join(", ", words));
              } else {
                found.put(fold(name), word);
              }
            });
    return found;
  }

  private static String known(Map<String, IdentityHeader> fields) {
    return "; there are: "
        + fields.values().stream().map(IdentityHeader::name).collect(Collectors.joining(", "));
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, String> folded = new HashMap<>();
    values
        .map("identity.headers")
        .forEach(
            (name, node) -> {
              String key = "identity.headers." + name;
              String claim = ((Scalar) node).text();
              checkName(key, name);
              String other = folded.putIfAbsent(fold(name), name);
              if (other != null) {
                values.error(
                    "header-name", key, "is the same name as " + other + " to an app; keep one");
              }
              if (claim.isBlank()) {
                values.error("empty", key, "names no claim; write one, such as sub");
              }
              if (other == null) {
                headers.put(name, claim);
              }
            });
    return headers;
  }

  /** Refuses what is no header name, or one that means something else. */
  void checkName(String key, String name) {
    if (!TOKEN.matcher(name).matches()) {
      values.error("header-name", key, "is no header name; write letters, digits and hyphens");
    } else if (RESERVED.contains(fold(name))
        || fold(name).startsWith("content-")
        || fold(name).startsWith("sec-")) {
      values.error(
          "header-name",
          key,
          "is a field of HTTP itself or of forwarding; take a name such as X-Gatehouse-User");
    }
  }

  // As CGI, WSGI, PHP and Rack fold names into variables.
  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
  }

  private Set<String> required(List<IdentityHeader> fields) {
    Set<String> names =
        fields.stream()
            .map(IdentityHeader::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    values
        .items("identity.required")
        .forEach(
            (place, name) -> {
              if (!names.contains(name.text()) && values.isSound("identity.headers", place)) {
                values.error(
                    "header-name",
                    place,
                    "is " + name.shown() + ", which identity.headers does not have; add it there");
              }
            });
    return new LinkedHashSet<>(values.texts("identity.required"));
  }
}

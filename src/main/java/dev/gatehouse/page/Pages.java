package dev.gatehouse.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Renders the gateway's pages: fixed words in the reader's language, no script, nothing fetched,
 * nothing echoed. Whatever is filled in is escaped by the template. Immutable, safe for concurrent
 * use.
 */
public final class Pages {
  private static final List<String> LANGUAGES = List.of("en", "ko", "ja");
  private static final int MAX_NAME = 60;

  /** A path and query of ours: one slash, then only visible ASCII and no backslash. */
  private static final Pattern OUR_PATH = Pattern.compile("/(?:[!-.0-\\[\\]-~][!-\\[\\]-~]*)?");

  /**
   * What lets a name reorder or break the line it stands in: controls, bidi marks, lone surrogates.
   * The joiners stay: names in Persian or Malayalam are written with them.
   */
  private static final Pattern UNSHOWABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}&&[^\\u200C\\u200D]]+");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String basePath;
  private final PageTemplate template;
  private final Map<String, Texts> texts;

  /**
   * Reads the template and all texts.
   *
   * @param basePath path of the public URL, empty or such as {@code /shop}; prefixed to every link
   */
  public Pages(String basePath) {
    this.basePath = basePath;
    this.template = new PageTemplate(Pages.class, "page.html", "page.css");
    Map<String, Texts> all = new HashMap<>();
    LANGUAGES.forEach(language -> all.put(language, Texts.of(language)));
    this.texts = Map.copyOf(all);
  }

  /**
   * The HTML page, in the best of the languages asked for (RFC 9110 §12.5.4); English when none is
   * ours or the wish is malformed.
   *
   * <p>The policy of a page with a form says nothing of {@code form-action}: browsers apply it to
   * the redirects after the POST too, and a logout goes on to the OP and from there to hosts that
   * nobody here knows. Every other page forbids forms.
   */
  public Page.Rendered html(Page page, List<String> acceptLanguage) {
    Texts words = texts.get(AcceptLanguage.best(acceptLanguage, LANGUAGES).orElse("en"));
    boolean form = page.kind() == Page.Kind.LOGOUT_CONFIRM || !page.hidden().isEmpty();
    byte[] body = template.fill(context(page, words, form));
    String policy = template.policy();
    return new Page.Rendered(
        "text/html; charset=utf-8", body, form ? policy : policy + "; form-action 'none'");
  }

  /**
   * The same as {@code application/problem+json} (RFC 9457), in English. {@code type} is a URN that
   * stays the same for a kind; {@code instance} and {@code incident} name the incident.
   */
  public Page.Rendered problem(Page page, int status) {
    Texts words = texts.get("en");
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "urn:gatehouse:problem:" + page.kind().key());
    members.put("title", words.text(page.kind(), "title"));
    members.put("status", status);
    members.put("detail", words.text(page.kind(), "happened"));
    page.incidentId()
        .ifPresent(
            id -> {
              members.put("instance", "urn:gatehouse:incident:" + id);
              members.put("incident", id);
            });
    try {
      return new Page.Rendered(
          "application/problem+json",
          JSON.writeValueAsBytes(members),
          "default-src 'none'; frame-ancestors 'none'");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings and a number are always JSON", e);
    }
  }

  private Map<String, Object> context(Page page, Texts words, boolean form) {
    Page.Kind kind = page.kind();
    Optional<String> button = words.find(kind, "button");
    Map<String, Object> context = new HashMap<>();
    context.put("language", words.language());
    context.put("direction", words.text("language.direction"));
    context.put("style", template.style());
    context.put("tone", kind.tone().key());
    context.put("icon", kind.tone().icon());
    context.put("title", words.text(kind, "title"));
    context.put("happened", words.text(kind, "happened"));
    context.put("todo", words.text(kind, "todo"));
    context.put("link", button.isPresent() && !form);
    context.put("form", button.isPresent() && form);
    context.put("button", button.orElse(""));
    context.put("action", action(page));
    context.put("hidden", page.hidden().entrySet());
    context.put("choices", choices(page));
    context.put("cancel", words.find(kind, "cancel").orElse(""));
    context.put("home", basePath + "/");
    context.put("incident", page.incidentId().orElse(""));
    context.put("incident-label", words.text("incident.label"));
    context.put("incident-hint", words.text("incident.hint"));
    name(page, words, context);
    return context;
  }

  /** Fills in who is signed in, between the words before and after the name. */
  private static void name(Page page, Texts words, Map<String, Object> context) {
    String name = page.displayName().map(Pages::oneLine).orElse("");
    String[] around = words.find(page.kind(), "happened-as").orElse("{name}").split("\\{name}", 2);
    boolean shown = !name.isEmpty() && words.find(page.kind(), "happened-as").isPresent();
    context.put("name", shown ? name : "");
    context.put("before", around[0]);
    context.put("after", around[1]);
  }

  private List<Map<String, String>> choices(Page page) {
    return page.links().stream()
        .filter(link -> OUR_PATH.matcher(link.action()).matches())
        .map(link -> Map.of("label", oneLine(link.label()), "target", basePath + link.action()))
        .toList();
  }

  private String action(Page page) {
    String start = page.kind() == Page.Kind.LOGOUT_CONFIRM ? "/gatehouse/logout" : "/";
    return basePath + page.action().filter(OUR_PATH.asMatchPredicate()).orElse(start);
  }

  private static String oneLine(String name) {
    String line = UNSHOWABLE.matcher(name).replaceAll(" ").strip();
    int length = line.codePointCount(0, line.length());
    return length <= MAX_NAME
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_NAME - 1)) + "…";
  }
}

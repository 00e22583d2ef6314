package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one form of a page of the gateway.
 *
 * @param action where it is sent
 * @param fields its hidden fields
 */
public record Form(String action, Map<String, String> fields) {
  private static final Pattern FORM =
      Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);

  private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>");

  /** Finds the form in a page. */
  public static Form in(Reply page) {
    Matcher form = FORM.matcher(page.text());
    assertThat(form.find()).as("a form in %s", page).isTrue();
    assertThat(attribute(form.group(1), "method")).isEqualToIgnoringCase("post");
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher inputs = INPUT.matcher(form.group(2));
    while (inputs.find()) {
      fields.put(attribute(inputs.group(), "name"), attribute(inputs.group(), "value"));
    }
    return new Form(attribute(form.group(1), "action"), fields);
  }

  /** What the browser sends when the user presses the button. */
  public Ask submission() {
    return Ask.form(action, fields);
  }

  private static String attribute(String tag, String name) {
    Matcher value = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
    return value.find()
        ? value.group(1).replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
        : "";
  }
}

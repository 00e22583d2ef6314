package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DemoProcess;
import dev.gatehouse.testkit.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a newcomer does with the demo, with both doors: sign in, look round, sign out. */
@Tag("packaged")
@ParameterizedClass
@EnumSource
class DemoIT {
  /** How the demo is started. */
  enum Mode {
    GATEWAY("request header X-Gatehouse-User"),
    FILTER("servlet container (OIDC)", "--filter");

    private final String userSource;
    private final String[] options;

    Mode(String userSource, String... options) {
      this.userSource = userSource;
      this.options = options;
    }
  }

  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\"\\s+value=(['\"])(.*?)\\2");

  @TempDir static Path temporary;
  private static DemoProcess demo;

  @Parameter Mode mode;

  private final Browser browser = new Browser(demo.url(), URI.create(demo.url()).getPort());

  @BeforeParameterizedClassInvocation(injectArguments = true)
  static void start(Mode mode) throws IOException {
    demo = DemoProcess.start(temporary, mode.options);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    demo.close();
  }

  @Test
  void welcomePageAndItsLooksNeedNoLogin() {
    assertThat(browser.get("/").text()).contains("<h1>Welcome</h1>", "Not signed in");
    assertThat(browser.get("/static/images/logo.png").status()).isEqualTo(200);
  }

  @Test
  void aliceComesBackToThePageThatSheWanted() {
    Reply page = signIn("alice", "/expenses/detail?id=1002");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("Two nights, Hotel Maas", "Alice Jansen");
    assertThat(browser.get("/").text()).contains("Alice Jansen");
  }

  @Test
  void applicationIsToldWhoTheUserIsAndNeverHow() {
    String page = signIn("alice", "/whoami").text();

    assertThat(page)
        .contains("id=\"user-name\">alice<", "id=\"user-source\">" + mode.userSource + "<")
        .contains("alice@northwind.example")
        .containsIgnoringCase("<td>X-Gatehouse-Groups</td><td class=\"value\">employees</td>")
        .doesNotContain("gh_s", "gh_t");
  }

  @Test
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  void madeUpHeadersDoNotReachTheApplication() {
    signIn("alice", "/whoami");

    Reply page =
        browser.send(
            Ask.get("/whoami")
                .header("X-Gatehouse-User", "root")
                .header("X_Gatehouse_Groups", "admins"));

    assertThat(page.text()).contains("id=\"user-name\">alice<", "id=\"user-admin\">no<");
  }

  @Test
  void approvalsAreRefusedToAliceAndOpenToRoot() {
    Reply refused = signIn("alice", "/admin/approvals");
    assertThat(refused.status()).isEqualTo(403);

    Reply approvals = signInAnew("root", "/admin/approvals");
    assertThat(approvals.status()).isEqualTo(200);
    assertThat(approvals.text()).contains("Printer paper &amp; toner &lt;black&gt;");
  }

  @Test
  void formAndDownloadWork() {
    signIn("root", "/expenses/new");
    Map<String, String> claim =
        Map.of(
            "title",
            "Taxi to Zürich",
            "category",
            "Travel",
            "amount",
            "12.50",
            "date",
            "2009-05-04");

    Reply sent = browser.send(Ask.form("/expenses/new", claim));

    assertThat(browser.get(sent.location()).text()).contains("Taxi to Zürich");
    assertThat(browser.get("/expenses/export.csv").text()).contains("Taxi to Zürich");
  }

  @Test
  void signingOutEndsTheSessionHereAndAtTheProvider() {
    signIn("alice", "/expenses/list");
    Reply question = browser.get("/gatehouse/logout");

    Reply left = browser.send(Ask.form("/gatehouse/logout", hiddenFields(question.text())));
    assertThat(left.location()).contains("/northwind/endsession?");
    Reply back = browser.get(left.location());
    assertThat(back.location()).startsWith(demo.url() + "/gatehouse/logged-out");

    assertThat(browser.get("/expenses/list").location()).contains("/northwind/authorize?");
  }

  private Reply signInAnew(String user, String wanted) {
    browser.cookies().keySet().forEach(browser::loseCookie);
    return signIn(user, wanted);
  }

  /**
   * Opens {@code wanted}, presses the button of {@code user} at the OP and follows the way back.
   */
  private Reply signIn(String user, String wanted) {
    String login = browser.get(wanted).location();
    assertThat(login).contains("/northwind/authorize?");
    Map<String, String> form = new LinkedHashMap<>();
    form.put("username", user);
    form.putAll(hiddenFields(formOf(user, browser.get(login).text())));
    Reply answer = browser.send(Ask.form(login, form));
    Reply landed = browser.send(Ask.get(answer.location()).site("same-site"));
    while (landed.location() != null) {
      landed = browser.send(Ask.get(landed.location()).site("same-site"));
    }
    return landed;
  }

  private static String formOf(String user, String page) {
    Matcher form =
        Pattern.compile("(?s)<form (?:(?!</form>).)*value=\"" + user + "\".*?</form>")
            .matcher(page);
    assertThat(form.find()).as("a button for %s in %s", user, page).isTrue();
    return form.group();
  }

  private static Map<String, String> hiddenFields(String html) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = HIDDEN.matcher(html);
    while (field.find()) {
      fields.put(field.group(1), field.group(3));
    }
    assertThat(fields).as("hidden fields in %s", html).isNotEmpty();
    return fields;
  }
}

package dev.gatehouse.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample application as it is, with nothing in front of it. */
class NorthwindTest {
  private static final Path SOURCES = Path.of("webapp-sample/src/main/webapp");
  private static final Path CLASSES = Path.of("target/webapp-sample");
  private static final String USER = "X-Gatehouse-User";

  @TempDir static Path temporary;
  private static HeldPort held;
  private static LoopbackPort port;
  private static SampleServer server;

  private final Browser browser = new Browser(port.origin(), port.number());

  @BeforeAll
  static void startsUnprotected() throws Exception {
    Path app = Files.createDirectory(temporary.resolve("app"));
    copy(SOURCES, app);
    copy(CLASSES, app);
    held = HeldPort.take();
    port = new LoopbackPort(held.number());
    server = SampleServer.start(port, app, Files.createDirectory(temporary.resolve("tomcat")));
  }

  @AfterAll
  static void stops() throws IOException {
    server.close();
    held.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/index.jsp", "/expenses/list", "/expenses/new", "/whoami"})
  void everyPageAnswers(String path) {
    Reply page = browser.get(path);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(page.text()).contains("Northwind Expenses").endsWith("</html>\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/expenses", "/expenses/"})
  void theFolderLeadsToTheList(String path) {
    assertThat(browser.get(path).location()).startsWith("/expenses/list");
  }

  @Test
  void firstPageCarriesTheContainerSessionInItsLinks() {
    Reply first = browser.get("/");
    String session = browser.cookies().get("JSESSIONID");
    assertThat(session).isNotEmpty();
    assertThat(first.text()).contains("href=\"/expenses/list;jsessionid=" + session + "\"");

    assertThat(browser.get("/").text()).doesNotContain("jsessionid");
  }

  @Test
  void sessionInTheUrlIsTheSameSession() {
    browser.get("/expenses/list?show=APPROVED");
    String session = browser.cookies().get("JSESSIONID");

    Reply page =
        new Browser(port.origin(), port.number()).get("/expenses/list;jsessionid=" + session);

    assertThat(page.text()).contains("<b>Approved</b>");
  }

  @Test
  void imageAndStyleSheetAreServed() {
    Reply image = browser.get("/static/images/logo.png");
    assertThat(image.header("Content-Type")).isEqualTo("image/png");
    assertThat(image.body()).startsWith(0x89, 'P', 'N', 'G');

    assertThat(browser.get("/static/css/northwind.css").header("Content-Type"))
        .startsWith("text/css");
  }

  @Test
  void formCreatesAClaim() {
    Reply sent = browser.send(Ask.form("/expenses/new", claim("Taxi to Zürich ✈")));
    assertThat(sent.status()).isEqualTo(302);

    Reply detail = browser.get(sent.location());
    assertThat(detail.text()).contains("has been submitted.", "Taxi to Zürich ✈", "EUR 12.50");
    assertThat(browser.get("/expenses/list").text())
        .contains("Taxi to Zürich ✈")
        .doesNotContain("has been submitted.");
  }

  @Test
  void formIsShownAgainWithWhatIsWrong() {
    Map<String, String> wrong = claim("Taxi");
    wrong.put("amount", "1e9");

    Reply sent = browser.send(Ask.form("/expenses/new", wrong));

    assertThat(sent.status()).isEqualTo(400);
    assertThat(sent.text()).contains("Enter an amount", "value=\"1e9\"", "value=\"Taxi\"");
  }

  @Test
  void markupInWhatUsersTypeIsText() {
    String attack = "\"'><script>alert(1)</script>&";
    String escaped = "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;";
    Map<String, String> claim = claim(attack);
    claim.put("notes", attack);
    Ask root = as("root", "admins", Ask.form("/expenses/new", claim));

    String detail = browser.send(root).location();
    claim.put("amount", attack);
    List<Reply> pages =
        List.of(
            browser.send(as("root", "admins", Ask.get(detail))),
            browser.send(as("root", "admins", Ask.get("/expenses/list"))),
            browser.send(as("root", "admins", Ask.get("/admin/approvals"))),
            browser.send(Ask.form("/expenses/new", claim)),
            browser.send(Ask.get("/whoami").header("X-Attack", attack)));

    assertThat(pages)
        .allSatisfy(page -> assertThat(page.text()).contains(escaped).doesNotContain("<script>"));
  }

  @Test
  void namesOfUsersAreText() {
    Reply page =
        browser.send(
            as("%3Cscript%3E", "", Ask.get("/whoami")).header("X-Gatehouse-Name", "<script>x"));

    assertThat(page.text())
        .contains("<td id=\"user-name\">&lt;script&gt;</td>", "&lt;script&gt;x</b>")
        .doesNotContain("<script>");
  }

  @Test
  void claimsDownloadAsCsv() {
    Reply csv = browser.send(as("bob", "", Ask.get("/expenses/export.csv")));

    assertThat(csv.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
    assertThat(csv.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"expenses.csv\"");
    assertThat(csv.header("Content-Length")).isEqualTo(Integer.toString(csv.body().length));
    assertThat(csv.text())
        .isEqualTo(
            "Number,Owner,Date,Category,Title,Amount EUR,Status\r\n"
                + "1003,\"bob\",2009-03-11,\"Office supplies\","
                + "\"Printer paper & toner <black>\",61.35,Submitted\r\n");
  }

  @Test
  void spreadsheetRunsNoFormulaFromAClaim() {
    browser.send(as("eve", "", Ask.form("/expenses/new", claim("=cmd|' /C calc'!A0"))));

    Reply csv = browser.send(as("eve", "", Ask.get("/expenses/export.csv")));

    assertThat(csv.text()).contains(",\"'=cmd|' /C calc'!A0\",");
  }

  @Test
  void voucherIsAPdfWhoseTableOfObjectsIsRight() {
    Reply voucher = browser.send(as("alice", "", Ask.get("/expenses/voucher.pdf?id=1001")));

    assertThat(voucher.header("Content-Type")).isEqualTo("application/pdf");
    assertThat(voucher.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"voucher-1001.pdf\"");
    String pdf = new String(voucher.body(), ISO_8859_1);
    assertThat(pdf).startsWith("%PDF-1.4").endsWith("%%EOF\n").contains("Train to the Rotterdam");
    int table = Integer.parseInt(pdf.replaceAll("(?s).*startxref\n(\\d+)\n.*", "$1"));
    assertThat(pdf.substring(table)).startsWith("xref\n0 6\n");
    int fourth = Integer.parseInt(pdf.substring(table).split("\n")[6].substring(0, 10));
    assertThat(pdf.substring(fourth)).startsWith("4 0 obj");
  }

  @Test
  void claimOfSomebodyElseIsNotFound() {
    Ask detail = Ask.get("/expenses/detail?id=1001");

    assertThat(browser.send(as("alice", "", detail)).status()).isEqualTo(200);
    assertThat(browser.send(as("bob", "", detail)).status()).isEqualTo(404);
    assertThat(browser.send(detail).status()).isEqualTo(404);
    assertThat(browser.send(as("root", "admins", detail)).status()).isEqualTo(200);
  }

  @Test
  void approvalsAreForAdminsAlone() {
    Ask approvals = Ask.get("/admin/approvals");

    assertThat(browser.send(as("root", "staff,admins", approvals)).status()).isEqualTo(200);
    for (Ask other :
        List.of(
            approvals,
            as("alice", "", approvals),
            as("alice", "administrators", approvals),
            as("alice", "x%2Cadmins", approvals))) {
      Reply refused = browser.send(other);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).contains("accounts department").doesNotContain("Approve");
    }
  }

  @Test
  void adminDecidesAndOthersDoNot() {
    Ask decision = Ask.form("/admin/approvals", Map.of("id", "1005", "decision", "reject"));

    assertThat(browser.send(as("alice", "", decision)).status()).isEqualTo(403);
    assertThat(detailOf1005()).contains("Submitted");
    assertThat(browser.send(as("root", "admins", decision)).status()).isEqualTo(302);
    assertThat(detailOf1005()).contains("Rejected");
  }

  @Test
  void whoAmIShowsHeadersButNoCredentials() {
    browser.get("/");
    String session = browser.cookies().get("JSESSIONID");

    Reply page =
        browser.send(
            as("alice", "", Ask.get("/whoami"))
                .header("Authorization", "Bearer made-up")
                .header("X-Twice", "one")
                .header("X-Twice", "two"));

    assertThat(page.text())
        .contains("<td id=\"user-name\">alice</td>", "JSESSIONID=(hidden)", "Bearer (hidden)")
        .contains("<td id=\"request-url\">" + port.origin() + "/whoami</td>")
        .containsIgnoringCase("<td>x-twice</td><td class=\"value\">one</td>")
        .containsIgnoringCase("<td>x-twice</td><td class=\"value\">two</td>")
        .doesNotContain(session, "made-up");
  }

  @Test
  void linkToSignOutIsShownToUsersAlone() {
    assertThat(browser.get("/").text()).contains("Not signed in").doesNotContain("Sign out");
    assertThat(browser.send(as("alice", "", Ask.get("/"))).text())
        .contains("href=\"/gatehouse/logout\"");
  }

  @Test
  void variantWithTheFilterDiffersInThreeLines() throws IOException {
    List<String> plain = Files.readAllLines(SOURCES.resolve("WEB-INF/web.xml"));
    List<String> filtered =
        Files.readAllLines(Path.of("webapp-sample/src/filter/webapp/WEB-INF/web.xml"));

    int first = 0;
    while (plain.get(first).equals(filtered.get(first))) {
      first++;
    }
    assertThat(filtered.subList(first, first + 3))
        .anyMatch(line -> line.contains("dev.gatehouse.servlet.GatehouseFilter"));
    assertThat(filtered.subList(first + 3, filtered.size()))
        .isEqualTo(plain.subList(first, plain.size()));
  }

  @Test
  void sourcesKnowNothingOfGatehouseOrOauth() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("webapp-sample/src/main/java"))) {
      assertThat(sources.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              source ->
                  assertThat(Files.readString(source))
                      .doesNotContain(
                          "dev.gatehouse", "com.nimbusds", "import jakarta.servlet.annotation"));
    }
  }

  private String detailOf1005() {
    return browser.send(as("alice", "", Ask.get("/expenses/detail?id=1005"))).text();
  }

  private static Ask as(String user, String groups, Ask ask) {
    return ask.header(USER, user).header("X-Gatehouse-Groups", groups);
  }

  private static Map<String, String> claim(String title) {
    return new LinkedHashMap<>(
        Map.of(
            "title",
            title,
            "category",
            "Travel",
            "amount",
            "12,50",
            "date",
            "2009-05-04",
            "notes",
            "two\nlines"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> copyFile(file, to.resolve(from.relativize(file).toString())));
    }
  }

  private static void copyFile(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

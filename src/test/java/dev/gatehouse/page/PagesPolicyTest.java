package dev.gatehouse.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PagesPolicyTest {
  private final Pages pages = new Pages("");

  @ParameterizedTest
  @EnumSource(Page.Kind.class)
  void thePolicyAllowsTheStyleOfThePageAndNothingElse(Page.Kind kind) throws Exception {
    Page.Rendered rendered = pages.html(Page.of(kind, "ID-1", Optional.empty()), List.of());

    String style = HtmlPage.of(rendered).text("style");
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8));
    assertThat(rendered.contentSecurityPolicy().split("; "))
        .startsWith(
            "default-src 'none'",
            "style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'",
            "base-uri 'none'",
            "frame-ancestors 'none'")
        .doesNotContain("'unsafe-inline'");
  }

  @ParameterizedTest
  @EnumSource(Page.Kind.class)
  void onlyThePageWithAFormAllowsOne(Page.Kind kind) {
    Page.Rendered rendered = pages.html(Page.of(kind, "ID-1", Optional.empty()), List.of());

    assertThat(rendered.contentSecurityPolicy().contains("form-action 'none'"))
        .isEqualTo(HtmlPage.of(rendered).all("form").isEmpty());
  }

  @Test
  void hiddenFieldsMakeAFormOfAnyPage() {
    Page page =
        new Page(
            Page.Kind.LOGIN_NOT_YOURS,
            Optional.empty(),
            Optional.of("/gatehouse/login"),
            Map.of("a", "b"),
            Optional.empty());
    Page.Rendered rendered = pages.html(page, List.of());

    assertThat(HtmlPage.of(rendered).one("form").getAttribute("action"))
        .isEqualTo("/gatehouse/login");
    assertThat(rendered.contentSecurityPolicy()).doesNotContain("form-action");
  }

  @Test
  void thePageWithAFormKeepsItsOriginInTheRequest() {
    HtmlPage form =
        HtmlPage.of(
            pages.html(Page.of(Page.Kind.LOGOUT_CONFIRM, "ID-1", Optional.empty()), List.of()));

    assertThat(form.all("meta"))
        .anyMatch(
            meta ->
                meta.getAttribute("name").equals("referrer")
                    && meta.getAttribute("content").equals("same-origin"));
  }
}

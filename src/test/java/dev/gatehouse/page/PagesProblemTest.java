package dev.gatehouse.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PagesProblemTest {
  private final Pages pages = new Pages("");

  private static JsonNode json(Page.Rendered rendered) throws IOException {
    return new ObjectMapper().readTree(rendered.body());
  }

  @ParameterizedTest
  @EnumSource(Page.Kind.class)
  void aProblemHasTheMembersOfTheStandard(Page.Kind kind) throws IOException {
    Page.Rendered rendered = pages.problem(Page.of(kind, "ID-1", Optional.of("/x")), 418);
    JsonNode problem = json(rendered);

    assertThat(rendered.contentType()).isEqualTo("application/problem+json");
    assertThat(problem.get("type").textValue()).matches("urn:gatehouse:problem:[a-z-]+");
    assertThat(problem.get("title").textValue()).isEqualTo(Texts.of("en").text(kind, "title"));
    assertThat(problem.get("status").isInt()).isTrue();
    assertThat(problem.get("status").intValue()).isEqualTo(418);
    assertThat(problem.get("detail").textValue()).isEqualTo(Texts.of("en").text(kind, "happened"));
    assertThat(problem.get("instance").textValue()).isEqualTo("urn:gatehouse:incident:ID-1");
    assertThat(problem.get("incident").textValue()).isEqualTo("ID-1");
  }

  @Test
  void everyKindHasATypeOfItsOwn() throws IOException {
    Set<String> types = new HashSet<>();
    for (Page.Kind kind : Page.Kind.values()) {
      types.add(
          json(pages.problem(Page.of(kind, "ID-1", Optional.empty()), 400)).get("type").asText());
    }
    assertThat(types).hasSameSizeAs(Page.Kind.values());
  }

  @Test
  void withoutAnIncidentThereIsNoInstance() throws IOException {
    Page page =
        new Page(
            Page.Kind.SESSION_EXPIRED,
            Optional.empty(),
            Optional.empty(),
            Map.of("csrf", "T"),
            Optional.of("Ada"));
    Page.Rendered rendered = pages.problem(page, 401);

    assertThat(json(rendered).fieldNames())
        .toIterable()
        .containsExactly("type", "title", "status", "detail");
    assertThat(new String(rendered.body(), UTF_8)).doesNotContain("Ada", "csrf");
  }

  @Test
  void aProblemAllowsABrowserNothing() {
    Page page = Page.of(Page.Kind.FORBIDDEN, "ID-1", Optional.empty());

    assertThat(pages.problem(page, 403).contentSecurityPolicy())
        .isEqualTo("default-src 'none'; frame-ancestors 'none'");
  }

  @Test
  void anIncidentIdCannotLeaveItsString() throws IOException {
    String id = "\",\"status\":200,\"x\":\"\\ \u0001 é";
    Page.Rendered rendered = pages.problem(Page.of(Page.Kind.FORBIDDEN, id, Optional.empty()), 403);

    assertThat(json(rendered).get("incident").textValue()).isEqualTo(id);
    assertThat(json(rendered).get("status").intValue()).isEqualTo(403);
  }
}

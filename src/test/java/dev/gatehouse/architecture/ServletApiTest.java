package dev.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.servlet.ServletConnection;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The filter runs on Servlet 5.0: it is compiled against a later one and must not call that. */
class ServletApiTest {
  /** What came with 6.0. */
  private static final Set<String> LATER_METHODS =
      Set.of(
          "ServletRequest.getRequestId",
          "ServletRequest.getProtocolRequestId",
          "ServletRequest.getServletConnection",
          "ServletRequestWrapper.getRequestId",
          "ServletRequestWrapper.getProtocolRequestId",
          "ServletRequestWrapper.getServletConnection",
          "HttpServletRequest.getRequestId",
          "HttpServletRequest.getProtocolRequestId",
          "HttpServletRequest.getServletConnection",
          "Cookie.setAttribute",
          "Cookie.getAttribute",
          "Cookie.getAttributes",
          "SessionCookieConfig.setAttribute",
          "SessionCookieConfig.getAttribute",
          "SessionCookieConfig.getAttributes");

  /** What came with 6.0, and what Servlet 3.1 does not have. */
  private static final Set<String> LATER_TYPES =
      Set.of("ServletConnection", "HttpFilter", "GenericFilter", "HttpServletMapping");

  @Test
  void theFilterCallsNothingThatServlet50DoesNotHave() {
    JavaClasses filter =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gatehouse.servlet");

    assertThat(filter).isNotEmpty();
    assertThat(filter.stream().flatMap(type -> later(type).stream())).isEmpty();
  }

  @Test
  void aCallOfALaterMethodIsSeen() {
    JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);

    assertThat(later(offender.get(Offender.class)))
        .containsExactlyInAnyOrder(
            "HttpServletRequest.getRequestId", "Cookie.getAttributes", "ServletConnection");
  }

  private static List<String> later(JavaClass type) {
    List<String> calls =
        type.getCodeUnitAccessesFromSelf().stream()
            .map(JavaCodeUnitAccess::getTarget)
            .map(target -> target.getOwner().getSimpleName() + "." + target.getName())
            .filter(LATER_METHODS::contains)
            .distinct()
            .toList();
    List<String> types =
        type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getSimpleName())
            .filter(LATER_TYPES::contains)
            .distinct()
            .toList();
    return Stream.concat(calls.stream(), types.stream()).toList();
  }

  /** Does what is forbidden. */
  private static final class Offender {
    String calls(HttpServletRequest request, Cookie cookie) {
      return request.getRequestId() + cookie.getAttributes() + connection(request);
    }

    private static ServletConnection connection(HttpServletRequest request) {
      return (ServletConnection) request.getAttribute("none");
    }
  }
}

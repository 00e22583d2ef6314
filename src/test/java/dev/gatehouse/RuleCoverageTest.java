package dev.gatehouse;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which rules of the threat catalogue are proven by a test, and which are not yet. */
class RuleCoverageTest {

  @Test
  void everyNamedRuleExists() {
    Set<String> rules = rules();
    Set<String> named = named();

    Set<String> unproven = new LinkedHashSet<>(rules);
    unproven.removeAll(named);
    System.out.println(
        "rules: "
            + named.size()
            + " of "
            + rules.size()
            + " are named by a test; not named: "
            + String.join(" ", unproven));
    assertThat(rules).containsAll(named);
  }

  private static Set<String> rules() {
    try (InputStream list = RuleCoverageTest.class.getResourceAsStream("/rules.txt")) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(toCollection(LinkedHashSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> named() {
    JavaClasses tests =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("dev.gatehouse");
    return tests.stream()
        .map(JavaClass::reflect)
        .flatMap(
            test ->
                Stream.concat(
                    Stream.of(test.getAnnotationsByType(Rule.class)),
                    Stream.of(test.getDeclaredMethods())
                        .flatMap(method -> Stream.of(method.getAnnotationsByType(Rule.class)))))
        .map(Rule::value)
        .collect(toCollection(TreeSet::new));
  }
}

package dev.gatehouse.access;

import static dev.gatehouse.access.RuleRecipe.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.testkit.Allocation;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules are looked up with every request. */
class AccessRulesAllocationTest {

  @Test
  void findingARuleAmongAThousandAllocatesNothing() {
    AccessRules rules =
        new AccessRules(
            Stream.concat(
                    IntStream.range(0, 1000)
                        .mapToObj(i -> rule("/app/module" + i + "/*/x/**", Access.DENY, "GET")),
                    Stream.of(rule("/app/**", Access.LOGIN), rule("/app/a.b.c", Access.DENY)))
                .toList());
    String[] paths = {"/app/module77/y/x/z", "/app/module77/y/", "/app/a.b.c.d", "/nowhere", "/"};
    assertThat(rules.find("HEAD", paths[0]).access()).isEqualTo(Access.DENY);

    double bytes =
        Allocation.bytesPerRun(
            () -> {
              for (String path : paths) {
                rules.find("HEAD", path);
                rules.find("JEFF", path);
              }
            });

    assertThat(bytes).isLessThan(1);
  }
}

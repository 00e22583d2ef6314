package dev.gatehouse.access;

import static dev.gatehouse.access.RuleRecipe.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.testkit.Allocation;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  @Test
  void findingARuleOfAnAppWithoutLetterCaseAllocatesNothing() {
    AccessRules rules =
        new AccessRules(
            List.of(rule("/App/**", Access.ANONYMOUS), rule("/app/Admin", Access.LOGIN)),
            LetterCase.FOLDED);
    assertThat(rules.find("GET", "/APP/ADMIN").access()).isEqualTo(Access.LOGIN);

    double bytes =
        Allocation.bytesPerRun(
            () -> {
              rules.find("GET", "/APP/ADMIN.json");
              rules.elsewhere("GET", "/aPP/x/y/z");
            });

    assertThat(bytes).isLessThan(1);
  }

  @Test
  void judgingClaimsAllocatesNextToNothing() {
    Requirement requirement =
        new Requirement.Any(
            List.of(
                new Requirement.Claim(new ClaimPath("groups"), Set.of("admins", "ops")),
                new Requirement.All(
                    List.of(
                        new Requirement.Claim(new ClaimPath("dept"), Set.of("it")),
                        new Requirement.Not(
                            new Requirement.Claim(new ClaimPath("status"), Set.of("external")))))));
    Map<String, Object> claims =
        Map.of("groups", List.of("users", "staff"), "dept", "it", "status", "internal");
    assertThat(requirement.judge(claims)).isEqualTo(Requirement.Answer.YES);

    assertThat(Allocation.bytesPerRun(() -> requirement.judge(claims))).isLessThan(128);
  }
}

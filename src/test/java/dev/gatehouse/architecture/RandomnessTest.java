package dev.gatehouse.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Reads the bytecode: what can be guessed, and what no test can steer, stays out of the engine. */
class RandomnessTest {
  private static final String IS_EQUAL = "java.security.MessageDigest.isEqual";

  /** The composition roots: they alone choose the generator and the clock. */
  private static final String[] ROOTS = {
    "dev.gatehouse.servlet..", "dev.gatehouse.cli..", "dev.gatehouse.proxy..", "dev.gatehouse.ops.."
  };

  private static final ArchRule NO_GUESSABLE_VALUES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Random.class, ThreadLocalRandom.class, SplittableRandom.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  private static final ArchRule ONE_SOURCE =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOTS)
          .should()
          .callConstructor(SecureRandom.class)
          .orShould()
          .callMethod(SecureRandom.class, "getInstanceStrong");

  private static final ArchRule ONE_CLOCK =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOTS)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  private static final JavaClasses GATEHOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gatehouse");

  @Test
  @Rule("TH-RAND-4")
  void secretsCompareInConstantTime() {
    assertThat(
            GATEHOUSE.get(Secret.class).getMethod("equals", Object.class).getMethodCallsFromSelf())
        .anyMatch(call -> call.getTarget().getFullName().startsWith(IS_EQUAL));
    assertThat(
            GATEHOUSE.get(Secret.class).getMethod("equals", Object.class).getMethodCallsFromSelf())
        .noneMatch(call -> call.getTarget().getFullName().startsWith("java.lang.String.equals"));
  }

  @Test
  @Rule("TH-RAND-1")
  void nothingDrawsFromAGuessableGenerator() {
    NO_GUESSABLE_VALUES.check(GATEHOUSE);
  }

  @Test
  @Rule("TH-RAND-1")
  void onlyCompositionRootsMakeAGenerator() {
    ONE_SOURCE.check(GATEHOUSE);
  }

  @Test
  void onlyCompositionRootsReadTheSystemClock() {
    ONE_CLOCK.check(GATEHOUSE);
  }

  @Test
  void eachRuleSeesAnOffender() {
    JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);

    assertThat(NO_GUESSABLE_VALUES.evaluate(offender).getFailureReport().getDetails()).hasSize(4);
    assertThat(ONE_SOURCE.evaluate(offender).getFailureReport().getDetails()).hasSize(1);
    assertThat(ONE_CLOCK.evaluate(offender).getFailureReport().getDetails()).hasSize(2);
  }

  /** Does all that is forbidden, so that the rules above are known to see it. */
  private static final class Offender {
    String values() {
      return UUID.randomUUID()
          + " "
          + Math.random()
          + new Random().nextInt()
          + new SecureRandom().nextInt()
          + Instant.now()
          + System.currentTimeMillis();
    }
  }
}

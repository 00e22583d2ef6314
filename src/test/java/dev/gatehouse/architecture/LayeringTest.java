package dev.gatehouse.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds the line between the engine and its doors: dependencies between packages run one way. */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  /** From the outside in: a package may use those of later layers, never those of earlier ones. */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("cli", "servlet"),
          Set.of("proxy", "ops"),
          Set.of("gate"),
          Set.of("report"),
          Set.of("oidc", "token", "session", "identity", "hygiene", "page"),
          Set.of("jose"),
          Set.of("backchannel"),
          Set.of("config"),
          Set.of("keys"),
          Set.of("access"),
          Set.of("seal"));

  @ArchTest
  static final ArchRule onlyTheFilterDoorKnowsServlets =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gatehouse.servlet..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.servlet..", "javax.servlet..");

  @ArchTest
  static final ArchRule onlyTheStandaloneGatewayKnowsJetty =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.gatehouse.proxy..", "dev.gatehouse.ops..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.eclipse.jetty..");

  @ArchTest
  static final ArchRule onlyOperationsKnowMicrometer =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gatehouse.ops..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsPicocli =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gatehouse.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.gatehouse.(*)..").should().beFreeOfCycles();

  @ArchTest
  static void dependenciesRunOneWay(JavaClasses classes) {
    forbidden()
        .forEach(
            (from, to) ->
                noClasses()
                    .that()
                    .resideInAPackage(in(from))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(to.stream().map(LayeringTest::in).toArray(String[]::new))
                    .allowEmptyShould(true)
                    .check(classes));
  }

  @ArchTest
  static void everyPackageHasALayer(JavaClasses classes) {
    Set<String> known = new TreeSet<>();
    LAYERS.forEach(known::addAll);
    noClasses()
        .should()
        .resideOutsideOfPackages(known.stream().map(LayeringTest::in).toArray(String[]::new))
        .check(classes);
  }

  /** For each package those of all earlier layers. */
  private static Map<String, Set<String>> forbidden() {
    Map<String, Set<String>> forbidden = new LinkedHashMap<>();
    Set<String> earlier = new TreeSet<>();
    for (Set<String> layer : LAYERS) {
      if (!earlier.isEmpty()) {
        Set<String> outer = Set.copyOf(earlier);
        layer.forEach(name -> forbidden.put(name, outer));
      }
      earlier.addAll(layer);
    }
    return forbidden;
  }

  private static String in(String name) {
    return "dev.gatehouse." + name + "..";
  }
}

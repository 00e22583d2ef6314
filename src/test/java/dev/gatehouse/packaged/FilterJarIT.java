package dev.gatehouse.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is in {@code gatehouse-filter.jar}: it must not clash with anything of an old app. */
@Tag("packaged")
class FilterJarIT {
  private final Artefact jar = Artefact.filter();

  @Test
  void everyClassIsInAPackageOfGatehouse() {
    List<String> classes = jar.names().stream().filter(name -> name.endsWith(".class")).toList();

    assertThat(classes).contains("dev/gatehouse/servlet/GatehouseFilter.class");
    assertThat(classes).allMatch(name -> name.startsWith("dev/gatehouse/"));
  }

  @Test
  void onlyWhatTheFilterNeedsIsThere() {
    assertThat(jar.names())
        .noneMatch(name -> name.startsWith("dev/gatehouse/proxy/"))
        .noneMatch(name -> name.startsWith("dev/gatehouse/cli/"))
        .noneMatch(name -> name.startsWith("dev/gatehouse/ops/"))
        .noneMatch(name -> name.contains("micrometer") || name.contains("prometheus"))
        .noneMatch(name -> name.startsWith("dev/gatehouse/demo/"))
        .noneMatch(name -> name.matches(".*logback.*\\.xml"))
        .noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA|EC)"));
  }

  @Test
  void noClassNamesALibraryByItsOwnName() {
    Map<String, List<String>> foreign =
        jar.classes().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry ->
                        List.of(
                                "org/slf4j/",
                                "com/fasterxml/jackson/",
                                "com/nimbusds/",
                                "net/minidev/",
                                "org/apache/hc/",
                                "com/github/benmanes/",
                                "com/samskivert/",
                                "org/yaml/snakeyaml/",
                                "org/eclipse/jetty/",
                                "ch/qos/logback/",
                                "Lpicocli/")
                            .stream()
                            .filter(entry.getValue()::contains)
                            .toList()));
    foreign.values().removeIf(List::isEmpty);
    // Writes that name into the generic signature of a class that it generates, which nobody reads.
    foreign.remove("dev/gatehouse/shaded/minidev/asm/BeansAccessBuilder.class");

    assertThat(foreign).isEmpty();
  }

  @Test
  void servicesAreThoseOfRelocatedLibraries() {
    List<String> services =
        jar.names().stream().filter(name -> name.startsWith("META-INF/services/")).toList();

    assertThat(services)
        .isNotEmpty()
        .allMatch(name -> name.startsWith("META-INF/services/dev.gatehouse.shaded."));
    assertThat(jar.text("META-INF/services/dev.gatehouse.shaded.slf4j.spi.SLF4JServiceProvider"))
        .isEqualToIgnoringNewLines("dev.gatehouse.shaded.slf4j.jul.JULServiceProvider");
  }

  @Test
  void licencesAreKept() {
    assertThat(jar.text("META-INF/LICENSE")).contains("Apache License");
    assertThat(jar.text("META-INF/NOTICE")).contains("Apache HttpComponents", "Jackson");
    assertThat(jar.text("META-INF/THIRD-PARTY.txt")).contains("nimbus-jose-jwt", "caffeine");
  }

  @Test
  void itIsNoLargerThanItsLibraries() throws Exception {
    assertThat(Files.size(jar.file())).isBetween(5_000_000L, 11_000_000L);
  }
}

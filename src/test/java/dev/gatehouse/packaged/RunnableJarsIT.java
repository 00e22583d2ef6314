package dev.gatehouse.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars that are started, and the distribution. */
@Tag("packaged")
class RunnableJarsIT {
  @TempDir Path directory;

  @Test
  void theGatewayRuns() throws Exception {
    assertThat(run(java(), "-jar", Artefact.gateway().file().toString(), "version"))
        .containsIgnoringCase("gatehouse")
        .doesNotContain("SLF4J");
  }

  @Test
  void theDistributionRunsAlsoThroughALink() throws Exception {
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    run("tar", "-xzf", Artefact.distribution().file().toString(), "-C", unpacked.toString());
    Path home;
    try (Stream<Path> entries = Files.list(unpacked)) {
      home = entries.findFirst().orElseThrow();
    }
    Path link = Files.createSymbolicLink(directory.resolve("gh"), home.resolve("bin/gatehouse"));

    assertThat(run(link.toString(), "version")).containsIgnoringCase("gatehouse");
    assertThat(home.resolve("LICENSE")).exists();
    assertThat(home.resolve("THIRD-PARTY.txt")).content().contains("jetty-server");
    assertThat(home.resolve("conf/gatehouse.yaml")).exists();
  }

  @Test
  void theDevelopmentProviderIsInTheDemoAlone() {
    String provider = "no/nav/security/mock/oauth2/MockOAuth2Server.class";

    assertThat(Artefact.demo().names()).contains(provider);
    assertThat(Artefact.gateway().names()).doesNotContain(provider).noneMatch(this::isTest);
    assertThat(Artefact.filter().names()).doesNotContain(provider).noneMatch(this::isTest);
    assertThat(Artefact.demo().names()).noneMatch(this::isTest);
  }

  private boolean isTest(String name) {
    return name.startsWith("dev/gatehouse/") && name.matches(".*(Test|IT)(\\$.*)?\\.class");
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Runs a command to its good end; what it printed. */
  private String run(String... command) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends in time").isTrue();
    String printed = Files.readString(output, UTF_8);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}

package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.DemoProcess;
import dev.gatehouse.testkit.HeldPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the demo starts, what it says, and how it ends. */
@Tag("packaged")
class DemoProcessIT {
  @TempDir Path temporary;

  @Test
  void startsWithoutConfigurationAndStopsCleanly() throws Exception {
    try (DemoProcess demo = DemoProcess.start(temporary)) {
      assertThat(demo.ready()).contains(demo.url(), "alice", "root", "Ctrl-C");

      assertThat(demo.terminate().exitCode()).isZero();
      assertThat(demo.errors()).isEmpty();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void listensWhereItIsTold() throws Exception {
    try (HeldPort port = HeldPort.take();
        DemoProcess demo =
            DemoProcess.start(temporary, "--port", Integer.toString(port.number()))) {
      assertThat(demo.url()).isEqualTo(port.uri().toString());
      assertThat(demo.terminate().exitCode()).isZero();
    }
  }

  @Test
  void takenPortIsExplainedInPlainWords() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      for (String option : new String[] {"--port", "--op-port", "--app-port"}) {
        try (DemoProcess demo = DemoProcess.start(temporary, option, port)) {
          assertThat(demo.exitCode()).isEqualTo(1);
          assertThat(demo.output()).isEmpty();
          assertThat(demo.errors())
              .startsWith("Port " + port + " cannot be used")
              .contains("choose another with " + option + ".")
              .hasLineCount(1);
        }
      }
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() throws Exception {
    try (DemoProcess demo = DemoProcess.start(temporary, "--filter", "--app-port", "8080")) {
      assertThat(demo.exitCode()).isEqualTo(1);
      assertThat(demo.errors()).contains("leave --app-port out");
    }
  }

  @Test
  void helpNamesEveryOption() throws Exception {
    try (DemoProcess demo = DemoProcess.start(temporary, "--help")) {
      assertThat(demo.exitCode()).isZero();
      assertThat(demo.output()).contains("--port", "--op-port", "--app-port", "--filter");
    }
  }
}

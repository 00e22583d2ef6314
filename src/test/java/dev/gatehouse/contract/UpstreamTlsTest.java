package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TlsIdentity;
import dev.gatehouse.testkit.WireApp;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An app that takes none but the gateway, by its certificate; and a gateway that knows its app. */
class UpstreamTlsTest {
  private static final TlsIdentity SERVER = TlsIdentity.selfSigned("localhost", "EC");
  private static final TlsIdentity GATEWAY = TlsIdentity.signedByAuthority("gateway");
  private static final TlsIdentity STRANGER = TlsIdentity.signedByAuthority("stranger");

  private final Path folder = KeyFiles.folder();
  private final App app = new App();
  private final WireApp tls = new WireApp(app, SERVER.demanding(GATEWAY));

  @AfterEach
  void close() {
    tls.close();
  }

  private Reply through(String upstream, TlsIdentity shown, TlsIdentity trusted) {
    KeyFiles.write(folder.resolve("shown.crt"), shown.chainPem());
    KeyFiles.write(folder.resolve("shown.key"), shown.keyPem());
    KeyFiles.write(folder.resolve("trusted.crt"), trusted.chainPem());
    return through(
        upstream,
        "{certificate: %s, private-key: %s, ca-bundle: %s}"
            .formatted(
                folder.resolve("shown.crt"),
                folder.resolve("shown.key"),
                folder.resolve("trusted.crt")));
  }

  private Reply through(String upstream, String settings) {
    String changes = "upstream: " + upstream + "\nupstream-tls: " + settings + "\n";
    try (Scene scene = Scene.open(DoorKind.PROXY, changes)) {
      return scene.browser().get("/public/x");
    }
  }

  @Test
  @Rule("TH-HDR-14")
  void appTakesTheGatewaysCertificateAndNoOther() {
    assertThat(App.made(through(tls.url(), GATEWAY, SERVER))).isTrue();
    assertThat(app.seen()).hasSize(1);

    assertThat(through(tls.url(), STRANGER, SERVER).status()).isEqualTo(502);
    assertThat(through(tls.url(), "{ca-bundle: " + folder.resolve("trusted.crt") + "}").status())
        .isEqualTo(502);
    assertThat(app.seen()).hasSize(1);
  }

  @Test
  @Rule("TH-HTTP-12")
  void gatewayTalksToNobodyWhoCannotShowThatHeIsTheApp() {
    assertThat(through(tls.url(), GATEWAY, STRANGER).status()).isEqualTo(502);
    // The right certificate under another name.
    String other = tls.url().replace("localhost", "127.0.0.1");
    assertThat(through(other, GATEWAY, SERVER).status()).isEqualTo(502);
    assertThat(app.seen()).isEmpty();

    assertThat(App.made(through(tls.url(), GATEWAY, SERVER))).isTrue();
  }

  @Test
  @Rule("TH-HTTP-12")
  void targetsThatAreNamedByAddressShowTheNameThatIsConfigured() {
    KeyFiles.write(folder.resolve("shown.crt"), GATEWAY.chainPem());
    KeyFiles.write(folder.resolve("shown.key"), GATEWAY.keyPem());
    KeyFiles.write(folder.resolve("trusted.crt"), SERVER.chainPem());
    String files =
        "certificate: %s, private-key: %s, ca-bundle: %s"
            .formatted(
                folder.resolve("shown.crt"),
                folder.resolve("shown.key"),
                folder.resolve("trusted.crt"));
    String address = tls.url().replace("localhost", "127.0.0.1");

    assertThat(through(address, "{" + files + ", server-name: other.internal}").status())
        .isEqualTo(502);
    assertThat(app.seen()).isEmpty();
    assertThat(App.made(through(address, "{" + files + ", server-name: localhost}"))).isTrue();
  }

  @Test
  @Rule("TH-HTTP-12")
  void aTargetOfAnotherNameGetsNothingAndAnotherDoes() {
    KeyFiles.write(folder.resolve("shown.crt"), GATEWAY.chainPem());
    KeyFiles.write(folder.resolve("shown.key"), GATEWAY.keyPem());
    KeyFiles.write(folder.resolve("trusted.crt"), SERVER.chainPem());
    String changes =
        """
        upstreams:
          - {path: /public/**, targets: [%s, %s]}
        upstream-tls: {certificate: %s, private-key: %s, ca-bundle: %s}
        upstream: %s
        """
            .formatted(
                tls.url().replace("localhost", "127.0.0.1"),
                tls.url(),
                folder.resolve("shown.crt"),
                folder.resolve("shown.key"),
                folder.resolve("trusted.crt"),
                tls.url());
    try (Scene scene = Scene.open(DoorKind.PROXY, changes)) {
      for (int i = 0; i < 4; i++) {
        assertThat(App.made(scene.browser().get("/public/x"))).isTrue();
      }
    }
    assertThat(app.seen()).hasSize(4);
  }
}

package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.TlsIdentity;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The client's certificate as the container tells it. */
class FilterCertificateTest extends FilterInContainers {
  static final TlsIdentity CLIENT = TlsIdentity.selfSigned("client", "EC");

  FilterCertificateTest(ContainerKind kind) {
    super(kind);
  }

  private static Optional<X509Certificate> seen(String... fields) {
    AtomicReference<Optional<X509Certificate>> seen = new AtomicReference<>();
    gate.decideAlways(
        request -> {
          seen.set(request.clientCertificate());
          return FakeGate.answer(200, "seen");
        });
    assertThat(container.get(APP + "/x", fields).status()).isEqualTo(200);
    return seen.get();
  }

  @Test
  @Rule("TH-BEAR-19")
  void theContainersWordIsTakenAndNoFields() {
    assertThat(seen()).isEmpty();
    assertThat(seen("X-Before: certificate")).contains(CLIENT.certificate());
    assertThat(seen("Client-Cert: :AAAA:", "X-Client-Cert: AAAA")).isEmpty();
  }
}

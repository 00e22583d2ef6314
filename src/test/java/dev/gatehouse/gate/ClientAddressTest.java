package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.PublicUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
  private static final ClientAddress NOBODY = new ClientAddress(List.of());

  private static ClientAddress trusting(String network, int prefix) throws UnknownHostException {
    return new ClientAddress(List.of(new Cidr(InetAddress.getByName(network), prefix)));
  }

  @Test
  @Rule("TH-HTTP-7")
  void anOutsidersForwardedForIsNotBelieved() {
    FakeRequest request = FakeRequest.get("/").with("X-Forwarded-For", "127.0.0.1");

    assertThat(NOBODY.of(request)).isEqualTo("203.0.113.7");
    assertThat(NOBODY.forwardedFor(request)).isEqualTo("203.0.113.7");
  }

  @Test
  @Rule("TH-HTTP-7")
  void behindATrustedProxyTheRightmostUntrustedAddressIsTheClient() throws Exception {
    ClientAddress trusting = trusting("10.0.0.0", 8);
    FakeRequest request =
        FakeRequest.get("/")
            .peer("10.1.1.1")
            .with("X-Forwarded-For", "198.51.100.66, 198.51.100.1", "10.2.2.2");

    assertThat(trusting.of(request)).isEqualTo("198.51.100.1");
    assertThat(trusting.forwardedFor(request))
        .isEqualTo("198.51.100.66, 198.51.100.1, 10.2.2.2, 10.1.1.1");
    assertThat(trusting.of(request.peer("192.0.2.1"))).isEqualTo("192.0.2.1");
  }

  @Test
  void whatIsNoAddressIsNeverLookedUpNorPassedOn() throws Exception {
    ClientAddress trusting = trusting("10.0.0.0", 8);
    FakeRequest request =
        FakeRequest.get("/")
            .peer("10.1.1.1")
            .with("X-Forwarded-For", "evil.example, 1.2.3, cafe, 12345, ::1%eth0, 2001:db8::5");

    assertThat(trusting.of(request)).isEqualTo("2001:db8::5");
    assertThat(trusting.forwardedFor(request)).isEqualTo("2001:db8::5, 10.1.1.1");
  }

  @Test
  @Rule("TH-HTTP-7")
  void anAddressThatTheClientMadeUpDoesNotHideBehindOneWithAPort() throws Exception {
    ClientAddress trusting = trusting("10.0.0.0", 8);
    FakeRequest request = FakeRequest.get("/").peer("10.1.1.1");

    assertThat(trusting.of(request.with("X-Forwarded-For", "192.0.2.66, 198.51.100.1:40312")))
        .isEqualTo("198.51.100.1");
    assertThat(trusting.of(request.with("X-Forwarded-For", "192.0.2.66, [2001:db8::5]:40312")))
        .isEqualTo("2001:db8::5");
    assertThat(trusting.of(request.with("X-Forwarded-For", "192.0.2.66, unknown, 10.2.2.2")))
        .isEqualTo("10.2.2.2");
    assertThat(trusting.of(request.with("X-Forwarded-For", "192.0.2.66, 198.51.100.1")))
        .isEqualTo("198.51.100.1");
  }

  @Test
  @Rule("TH-HTTP-7")
  @Rule("TH-DOS-2")
  void aPeerInBracketsIsTheSamePeer() throws Exception {
    FakeRequest bare = FakeRequest.get("/").peer("2001:db8:1:2::5");
    FakeRequest bracketed = bare.peer("[2001:db8:1:2::6]").with("X-Forwarded-For", "192.0.2.66");

    assertThat(NOBODY.of(bracketed)).isEqualTo("2001:db8:1:2::6");
    assertThat(NOBODY.forwardedFor(bracketed)).isEqualTo("2001:db8:1:2::6");
    assertThat(NOBODY.limitKey(bracketed)).isEqualTo(NOBODY.limitKey(bare));
    assertThat(trusting("2001:db8::", 32).of(bracketed)).isEqualTo("192.0.2.66");
    assertThat(NOBODY.of(bare.peer("fe80::1%eth0"))).isEqualTo("fe80::1");
    assertThat(NOBODY.of(bare.peer(null))).isEqualTo("unknown");
  }

  @Test
  @Rule("TH-DOS-2")
  void limitsCountAnIpv6ClientByItsNetwork() {
    FakeRequest one = FakeRequest.get("/").peer("2001:db8:1:2::5");

    assertThat(NOBODY.limitKey(one)).isEqualTo(NOBODY.limitKey(one.peer("2001:db8:1:2:ffff::9")));
    assertThat(NOBODY.limitKey(one)).isNotEqualTo(NOBODY.limitKey(one.peer("2001:db8:1:3::5")));
    assertThat(NOBODY.limitKey(FakeRequest.get("/"))).isEqualTo("203.0.113.7");
  }

  @Test
  @Rule("TH-HTTP-6")
  void onlyThePublicHostIsServed() throws Exception {
    PublicUrl publicUrl = new PublicUrl("https", "app.example", "");
    HostNames names = new HostNames(List.of(publicUrl), NOBODY);
    FakeRequest request = FakeRequest.get("/");

    assertThat(names.of(request)).contains(publicUrl);
    assertThat(names.of(request.authority("APP.example:443"))).contains(publicUrl);
    for (String other : new String[] {"evil.example", "app.example:8443", "app.example.", ""}) {
      assertThat(names.of(request.authority(other))).as(other).isEmpty();
    }
    assertThat(names.of(request.authority(null))).isEmpty();
    FakeRequest passedOn = request.authority("inner").with("X-Forwarded-Host", "app.example");
    assertThat(names.of(passedOn)).isEmpty();
    assertThat(new HostNames(List.of(publicUrl), trusting("203.0.113.0", 24)).of(passedOn))
        .contains(publicUrl);
  }

  @Test
  @Rule("TH-HTTP-6")
  void aHostThatProxyAndRequestNameDifferentlyIsNeither() throws Exception {
    PublicUrl one = new PublicUrl("https", "one.example", "");
    PublicUrl other = new PublicUrl("https", "other.example", "");
    FakeRequest request =
        FakeRequest.get("/").authority("one.example").with("X-Forwarded-Host", "other.example");

    assertThat(new HostNames(List.of(one, other), NOBODY).of(request)).contains(one);
    assertThat(new HostNames(List.of(one, other), trusting("203.0.113.0", 24)).of(request))
        .isEmpty();
    assertThat(
            new HostNames(List.of(one, other), trusting("203.0.113.0", 24))
                .of(request.authority("other.example")))
        .contains(other);
  }
}

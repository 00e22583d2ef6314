package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Allocation;
import dev.gatehouse.testkit.AttackList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundHeadersTest {
  private static final InboundHeaders HEADERS =
      new InboundHeaders(List.of("X-Gatehouse-User", "X-Corp-Login", "Alias"));

  static List<String> spellings() {
    return AttackList.of("identity-fields.txt");
  }

  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  @Rule("TH-HDR-4")
  @Rule("TH-BEAR-19")
  @ParameterizedTest
  @MethodSource("spellings")
  void spoofedFieldIsRemoved(String name) {
    assertThat(HEADERS.removes(name)).isTrue();
  }

  @Rule("TH-HDR-4")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Cache-Control",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "Date",
        "Expect",
        "Forwarded",
        "Host",
        "If-Match",
        "If-None-Match",
        "Origin",
        "Range",
        "Referer",
        "Sec-Fetch-Mode",
        "Sec-WebSocket-Key",
        "TE",
        "Upgrade",
        "User-Agent",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Real-IP",
        "X-Request-Id",
        "X-Requested-With",
        "X-CSRF-Token",
        "X-XSRF-TOKEN",
        "X-Auth-Token",
        "X-Access-Token",
        "X-Api-Key",
        "X-User-Agent",
        "X-Gatehouse",
        "XGatehouseUser",
        "X--Gatehouse-User",
        "Gatehouse-User",
        "X-Gatehouses",
        "X-Corp-Login-Name",
        "X-Corp",
        "Corp-Login",
        "Aliases",
        "Remote",
        "X-Authorization",
        "Traceparent",
        "SOAPAction",
        "Depth",
        "DAV",
        "Client-Version",
        "X-Hub-Signature-256",
        "Shibboleth",
        "Uids",
        "Mailbox",
        "WSRU"
      })
  void fieldOfTheClientsOwnStays(String name) {
    assertThat(HEADERS.removes(name)).isFalse();
    assertThat(HEADERS.removes(name.toLowerCase(Locale.ROOT))).isFalse();
    assertThat(HEADERS.removes(name.replace('-', '_'))).isFalse();
  }

  @Test
  void emptyNameIsRemoved() {
    assertThat(HEADERS.removes("")).isTrue();
    assertThat(HEADERS.removes(" ")).isTrue();
  }

  @Test
  void nothingConfiguredStillRemovesWhatIsWellKnown() {
    InboundHeaders wellKnown = new InboundHeaders(List.of());

    assertThat(wellKnown.removes("X_Gatehouse_User")).isTrue();
    assertThat(wellKnown.removes("REMOTE_USER")).isTrue();
    assertThat(wellKnown.removes("X-Corp-Login")).isFalse();
  }

  @Provide
  Arbitrary<String> protectedNames() {
    List<String> wholes = WellKnownFields.wholes();
    List<String> begun =
        WellKnownFields.beginnings().stream()
            .flatMap(beginning -> Stream.of(beginning + "x", beginning + "some-name"))
            .toList();
    return Arbitraries.oneOf(
        Arbitraries.of(wholes), Arbitraries.of(begun), Arbitraries.just("x-corp-login"));
  }

  @Rule("TH-HDR-2")
  @Property
  void everyProtectedNameIsRemovedInEverySpelling(
      @ForAll("protectedNames") String name, @ForAll long seed) {
    java.util.Random random = new java.util.Random(seed);
    StringBuilder spelling = new StringBuilder(" \t".substring(0, random.nextInt(3)));
    name.chars()
        .map(c -> c == '-' ? "-_. \t~!$".charAt(random.nextInt(8)) : c)
        .map(c -> random.nextBoolean() ? Character.toUpperCase(c) : c)
        .forEach(c -> spelling.append((char) c));
    spelling.append("\t ".substring(0, random.nextInt(3)));

    assertThat(HEADERS.removes(spelling.toString())).isTrue();
  }

  @Provide
  Arbitrary<String> tokens() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .withCharRange('0', '9')
        .withChars("-_.")
        .ofMinLength(1)
        .ofMaxLength(20)
        .map(text -> "x-app-" + text);
  }

  @Property
  void namesOfTheAppsOwnStay(@ForAll("tokens") String name) {
    assertThat(HEADERS.removes(name)).isFalse();
  }

  @Test
  void askingAllocatesNothing() {
    String[] names = {"X_Gatehouse_User", "Accept-Language", "Sec-Fetch-Mode", " Remote.User "};

    double bytes =
        Allocation.bytesPerRun(
            () -> {
              for (String name : names) {
                HEADERS.removes(name);
              }
            });

    assertThat(bytes).isLessThan(1);
  }
}

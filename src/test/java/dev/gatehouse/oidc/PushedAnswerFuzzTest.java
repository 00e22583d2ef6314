package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;

/** Any JSON object for the answer to a pushed request (RFC 9126 §2.2). */
class PushedAnswerFuzzTest {
  @FuzzTest
  @Rule("TH-AUTHZ-11")
  void aReferenceIsFitForAUrl(byte[] bytes) {
    JsonObject.parse(bytes)
        .flatMap(PushedRequests::reference)
        .ifPresent(reference -> assertThat(reference).matches("[!-~]{1,1024}").doesNotContain("#"));
  }
}

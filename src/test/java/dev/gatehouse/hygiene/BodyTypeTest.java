package dev.gatehouse.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request says of its body, and when servers would not agree on it. */
class BodyTypeTest {
  private static BodyType of(String contentType) {
    return BodyType.of(List.of(contentType), List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "application/x-www-form-urlencoded; charset=\"utf-8\"",
        "application/x-www-form-urlencoded ; charset=Shift_JIS",
        "application/x-www-form-urlencoded; charset=EUC-KR",
        "application/x-www-form-urlencoded; charset=gb18030",
        "Application/X-WWW-Form-URLencoded;"
      })
  void formOfABrowserIsNotInDoubt(String type) {
    assertThat(of(type).kind()).isEqualTo(BodyType.Kind.FORM);
    assertThat(of(type).doubt()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
        "multipart/form-data; boundary=---------------------------9051914041544843365972754266",
        "multipart/form-data; boundary=\"a=b:c\"",
        "multipart/form-data;boundary=x;charset=UTF-8"
      })
  void multipartOfABrowserIsNotInDoubt(String type) {
    assertThat(of(type).kind()).isEqualTo(BodyType.Kind.MULTIPART_FORM);
    assertThat(of(type).boundary()).isNotEmpty();
    assertThat(of(type).doubt()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "text/plain", "application/octet-stream", "text/xml", "", "x"})
  void otherBodiesAreNoForms(String type) {
    assertThat(of(type)).isEqualTo(BodyType.NO_FORM);
  }

  @Test
  @Rule("TH-LEAK-3")
  void secondContentTypeOfAFormIsInDoubt() {
    String form = "application/x-www-form-urlencoded";
    assertThat(BodyType.of(List.of("text/plain", form), List.of()).doubt())
        .contains("content-type");
    assertThat(BodyType.of(List.of(form, form), List.of()).doubt()).contains("content-type");
    assertThat(BodyType.of(List.of("text/plain", "text/xml"), List.of()))
        .isEqualTo(BodyType.NO_FORM);
    assertThat(BodyType.of(List.of(), List.of())).isEqualTo(BodyType.NO_FORM);
  }

  @Test
  @Rule("TH-LEAK-3")
  void compressedFormIsInDoubt() {
    List<String> form = List.of("application/x-www-form-urlencoded");
    assertThat(BodyType.of(form, List.of("gzip")).doubt()).contains("content-encoding");
    assertThat(BodyType.of(form, List.of("identity", "br")).doubt()).contains("content-encoding");
    assertThat(BodyType.of(form, List.of("identity")).doubt()).isEmpty();
    assertThat(BodyType.of(List.of("application/json"), List.of("gzip")))
        .isEqualTo(BodyType.NO_FORM);
  }
}

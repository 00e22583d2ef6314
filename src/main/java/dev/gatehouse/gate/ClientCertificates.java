package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.seal.Digests;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that a client has shown in TLS, as the hash to which its access token may be
 * bound (RFC 8705 §3.1). Who signed it is of no interest: the client has proven that it holds the
 * key, and nobody is known by it. Immutable, safe for concurrent use.
 */
final class ClientCertificates {
  /** Longer field values are not looked at. */
  private static final int MAX_CHARS = 16 * 1024;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private final Optional<String> field;
  private final ClientAddress clientAddress;

  /**
   * @param field where trusted proxies tell the certificate; empty: nowhere
   */
  ClientCertificates(Optional<String> field, ClientAddress clientAddress) {
    this.field = field;
    this.clientAddress = clientAddress;
  }

  /**
   * SHA-256 of the client's certificate in base64url; empty where it has shown none.
   *
   * <p>Where a trusted proxy tells certificates, the one that it shows itself is not the client's.
   * From anybody else that field counts for nothing (TH-BEAR-19).
   */
  Optional<String> hash(ClientRequest request) {
    return field.isPresent() && clientAddress.trustsPeer(request)
        ? told(request.headers(field.get())).map(ClientCertificates::hash)
        : request
            .clientCertificate()
            .flatMap(ClientCertificates::encoded)
            .map(ClientCertificates::hash);
  }

  private static Optional<byte[]> encoded(X509Certificate certificate) {
    try {
      return Optional.of(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      return Optional.empty();
    }
  }

  private static String hash(byte[] der) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256(der));
  }

  /** The DER of the one certificate in {@code fields}, which is not parsed: its hash says all. */
  static Optional<byte[]> told(List<String> fields) {
    if (fields.size() != 1 || fields.get(0).length() > MAX_CHARS) {
      return Optional.empty();
    }
    String value = fields.get(0).strip();
    if (value.length() > 2 && value.startsWith(":") && value.endsWith(":")) {
      return decoded(value.substring(1, value.length() - 1)); // RFC 9440 §2.1
    }
    return unescaped(value).flatMap(ClientCertificates::pem);
  }

  private static Optional<byte[]> pem(String text) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    // Two certificates are one too many: which of them is the client's is not ours to guess.
    boolean one = begin >= 0 && end > begin && text.indexOf(BEGIN, begin + 1) < 0;
    boolean alone =
        one && (text.substring(0, begin) + text.substring(end + END.length())).isBlank();
    return alone
        ? decoded(withoutBreaks(text.substring(begin + BEGIN.length(), end)))
        : Optional.empty();
  }

  // Some proxies put PEM into one field with spaces or tabs for its line ends.
  private static String withoutBreaks(String base64) {
    StringBuilder kept = new StringBuilder(base64.length());
    for (int i = 0; i < base64.length(); i++) {
      char c = base64.charAt(i);
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
        kept.append(c);
      }
    }
    return kept.toString();
  }

  private static Optional<byte[]> decoded(String base64) {
    try {
      byte[] der = Base64.getDecoder().decode(base64);
      boolean canonical = Base64.getEncoder().encodeToString(der).equals(base64);
      return canonical && der.length > 0 ? Optional.of(der) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // nginx' $ssl_client_escaped_cert: percent-encoded, and a plus is a plus, for base64 has them.
  private static Optional<String> unescaped(String value) {
    if (value.indexOf('%') < 0) {
      return Optional.of(value);
    }
    byte[] bytes = new byte[value.length()];
    int length = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%') {
        int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(value.charAt(i + 2), 16);
        if (low < 0) {
          return Optional.empty();
        }
        c = (char) (16 * high + low);
        i += 2;
      }
      if (c >= 0x80) {
        return Optional.empty();
      }
      bytes[length++] = (byte) c;
    }
    return Optional.of(new String(bytes, 0, length, US_ASCII));
  }
}

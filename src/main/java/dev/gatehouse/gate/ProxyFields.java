package dev.gatehouse.gate;

import java.util.List;

/**
 * Fields by which proxies tell apps where a request came from or which URL or method was meant:
 * from a client they are forgeries (TH-HTTP-7, TH-HTTP-8, TH-HTTP-9). The gate writes its own.
 */
final class ProxyFields {
  static final List<String> ALL =
      List.of(
          "Forwarded",
          "X-Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Protocol",
          "X-Forwarded-Port",
          "X-Forwarded-Scheme",
          "X-Forwarded-Server",
          "X-Forwarded-Ssl",
          "X-Forwarded-By",
          "X-Forwarded-Prefix",
          "X-Forwarded-Path",
          "X-Forwarded-Uri",
          "X-Forwarded-Method",
          "X-Forwarded-Client-Cert",
          "X-Real-IP",
          "X-Client-IP",
          "X-Cluster-Client-IP",
          "X-Originating-IP",
          "X-Remote-IP",
          "X-Remote-Addr",
          "X-Host",
          "X-HTTP-Host-Override",
          "X-Scheme",
          "X-Url-Scheme",
          "Front-End-Https",
          "True-Client-IP",
          "CF-Connecting-IP",
          "Via",
          "Proxy",
          "X-Original-URL",
          "X-Original-URI",
          "X-Original-Method",
          "X-Original-Host",
          "X-Rewrite-URL",
          "X-Script-Name",
          "X-HTTP-Method",
          "X-HTTP-Method-Override",
          "X-Method-Override");

  private ProxyFields() {}
}

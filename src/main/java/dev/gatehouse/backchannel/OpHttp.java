package dev.gatehouse.backchannel;

import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.keys.ClientCertificate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Sets the HTTP client up: everything that it could do on its own is off. */
final class OpHttp {
  private static final int MAX_HEADER_FIELDS = 100;
  private static final int MAX_HEADER_LINE = 16 * 1024;

  // Servers close idle connections after 5 s and more; one of ours must not meet that moment,
  // because what was sent on it is not sent again.
  private static final TimeValue KEEP_ALIVE = TimeValue.ofSeconds(3);

  private OpHttp() {}

  /** No redirects, retries, cookies, proxies, decompression or protocol upgrades. */
  static CloseableHttpClient client(
      Backchannel settings,
      AddressRule addresses,
      int connections,
      Optional<ClientCertificate> own) {
    return HttpClients.custom()
        .setConnectionManager(
            connections(addresses, OpTls.context(settings.caBundle(), own), settings, connections))
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(timeout(settings.deadline()))
                .setResponseTimeout(timeout(settings.readTimeout()))
                .setProtocolUpgradeEnabled(false)
                .build())
        .setKeepAliveStrategy((response, context) -> KEEP_ALIVE)
        .setUserAgent("Gatehouse")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  private static HttpClientConnectionManager connections(
      AddressRule addresses, SSLContext tls, Backchannel settings, int connections) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setTlsSocketStrategy(
            ClientTlsStrategyBuilder.create()
                .setSslContext(tls)
                .setTlsVersions(TLS.V_1_3, TLS.V_1_2)
                .buildClassic())
        .setDnsResolver(resolver(addresses))
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxHeaderCount(MAX_HEADER_FIELDS)
                        .setMaxLineLength(MAX_HEADER_LINE)
                        .build())
                .build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(timeout(settings.connectTimeout()))
                .setSocketTimeout(timeout(settings.readTimeout()))
                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                .build())
        .setMaxConnTotal(connections)
        .setMaxConnPerRoute(connections)
        .build();
  }

  // The addresses that are judged are those that are connected to: a name that answers differently
  // the second time (DNS rebinding) gains nothing.
  private static DnsResolver resolver(AddressRule addresses) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        for (InetAddress address : found) {
          if (!addresses.allows(host, address)) {
            throw new ForbiddenAddressException(host);
          }
        }
        return found;
      }

      @Override
      public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
      }
    };
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }

  /** A host resolved to an address that calls may not go to (TH-CFG-4). */
  static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    ForbiddenAddressException(String host) {
      super(host + " is at a private address; only the issuer's own host may be");
    }
  }
}

package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx and Apache httpd, configured as well as they can be for this work. */
final class Peers {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /** A process for each core; connections are kept to clients and origin alike. */
  private static final String NGINX =
      """
      daemon off;
      %s
      worker_processes %d;
      worker_rlimit_nofile 16384;
      pid %s/nginx.pid;
      error_log stderr warn;
      events { worker_connections 8192; }
      http {
        access_log %s;
        client_body_temp_path %5$s/body;
        proxy_temp_path %5$s/proxy;
        fastcgi_temp_path %5$s/fastcgi;
        uwsgi_temp_path %5$s/uwsgi;
        scgi_temp_path %5$s/scgi;
        sendfile on;
        tcp_nopush on;
        keepalive_timeout 300s;
        keepalive_requests 100000000;
      %6$s
      }
      """;

  private static final String NGINX_ORIGIN =
      """
        open_file_cache max=100;
        default_type text/plain;
        server {
          listen 127.0.0.1:%d reuseport backlog=4096;
          root %s;
        }
      """;

  private static final String NGINX_PROXY =
      """
        upstream origin {
          server 127.0.0.1:%d;
          keepalive 128;
          keepalive_requests 100000000;
        }
        server {
          listen 127.0.0.1:%d reuseport backlog=4096;
          location / {
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_buffers 8 32k;
            proxy_max_temp_file_size 0;
          }
        }
      """;

  /** mpm_event with a process for each core and a thread for each connection; no more modules. */
  private static final String APACHE =
      """
      ServerRoot %1$s
      DefaultRuntimeDir %1$s
      PidFile %1$s/httpd.pid
      ServerName 127.0.0.1
      Listen 127.0.0.1:%2$d
      %3$s
      LoadModule mpm_event_module %4$s/mod_mpm_event.so
      LoadModule authz_core_module %4$s/mod_authz_core.so
      LoadModule proxy_module %4$s/mod_proxy.so
      LoadModule proxy_http_module %4$s/mod_proxy_http.so
      ErrorLog /dev/stderr
      LogLevel warn
      %5$s
      ServerLimit %6$d
      StartServers %6$d
      ThreadLimit 64
      ThreadsPerChild 64
      MinSpareThreads 1
      MaxSpareThreads %7$d
      MaxRequestWorkers %7$d
      MaxConnectionsPerChild 0
      KeepAlive On
      MaxKeepAliveRequests 0
      KeepAliveTimeout 300
      HostnameLookups Off
      <Directory />
        AllowOverride None
      </Directory>
      %8$s
      ProxyPass / http://127.0.0.1:%9$d/ enablereuse=on max=64 ttl=300
      """;

  private static final String OPENIDC =
      """
      LoadModule authn_core_module %1$s/mod_authn_core.so
      LoadModule authz_user_module %1$s/mod_authz_user.so
      LoadModule auth_openidc_module %1$s/mod_auth_openidc.so
      OIDCProviderMetadataURL %2$s/.well-known/openid-configuration
      OIDCProviderTokenEndpointAuth client_secret_post
      OIDCClientID %3$s
      OIDCClientSecret "%4$s"
      OIDCRedirectURI http://127.0.0.1:%5$d/oidc/callback
      OIDCCryptoPassphrase 0123456789abcdef0123456789abcdef
      OIDCScope "openid profile email"
      OIDCPKCEMethod S256
      OIDCSessionType server-cache
      OIDCCacheType shm
      OIDCSessionInactivityTimeout 3600
      OIDCPassClaimsAs headers
      <Location />
        AuthType openid-connect
        Require valid-user
      </Location>
      ProxyPass /oidc/ !
      """;

  private final Path directory;
  private final boolean accessLog;

  Peers(Path directory, boolean accessLog) {
    this.directory = directory;
    this.accessLog = accessLog;
  }

  /** nginx with files of 1 KiB and 100 KiB. */
  Server origin() throws IOException {
    int port = Server.freePort();
    Path files = Files.createDirectory(directory.resolve("files"));
    for (int kib : new int[] {1, 100}) {
      Files.writeString(files.resolve(kib + "k"), Content.ofKib(kib));
    }
    // Its own access log would weigh on every measurement alike, and so is always off.
    return nginx("origin", port, "off", NGINX_ORIGIN.formatted(port, files));
  }

  /** nginx as a proxy that asks nobody who he is. */
  Server nginxProxy(Server origin) throws IOException {
    int port = Server.freePort();
    String log = accessLog ? directory.resolve("nginx-access.log") + " combined" : "off";
    return nginx("nginx", port, log, NGINX_PROXY.formatted(origin.port(), port));
  }

  private Server nginx(String name, int port, String log, String servers) throws IOException {
    Path home = Files.createDirectory(directory.resolve(name));
    String text =
        NGINX.formatted(
            ROOT ? "user root;" : "", Options.cores(), home, log, home, servers.stripTrailing());
    Path file = Files.writeString(home.resolve("nginx.conf"), text);
    return Server.listening(
        name, port, home.resolve("log"), List.of("nginx", "-p", home + "/", "-c", file.toString()));
  }

  /** Apache httpd as a proxy that asks nobody who he is. */
  Server apacheProxy(Server origin) throws IOException {
    return apache("apache", Server.freePort(), "", origin);
  }

  /** Apache httpd with mod_auth_openidc, its sessions in shared memory. */
  Server apacheOpenidc(Server origin, StubOp op) throws IOException {
    int port = Server.freePort();
    String gate =
        OPENIDC.formatted(modules(), op.issuer(), StubOp.CLIENT_ID, StubOp.CLIENT_SECRET, port);
    return apache("apache-openidc", port, gate, origin);
  }

  private Server apache(String name, int port, String gate, Server origin) throws IOException {
    Path home = Files.createDirectory(directory.resolve(name));
    String log =
        accessLog
            ? "LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b\" common\n"
                + "BufferedLogs On\nCustomLog "
                + home
                + "/access.log common"
            : "";
    String text =
        APACHE.formatted(
            home,
            port,
            ROOT ? "User www-data\nGroup www-data" : "",
            modules(),
            log,
            Options.cores(),
            64 * Options.cores(),
            gate,
            origin.port());
    Path file = Files.writeString(home.resolve("httpd.conf"), text);
    return Server.listening(
        name,
        port,
        home.resolve("log"),
        List.of("apache2", "-D", "FOREGROUND", "-f", file.toString()));
  }

  private static String modules() {
    return "/usr/lib/apache2/modules";
  }
}

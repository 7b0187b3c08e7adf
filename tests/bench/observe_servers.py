"""How servers and applications of the unpacked Debian are started: each writes files below the root, and gives a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path, int], list[str]]
DEAD = "127.0.0.1:9"
"""An address where nobody listens: the discard port."""
EXTENSIONS = ("ctype", "dom", "fileinfo", "iconv", "mbstring", "phar", "posix", "simplexml", "tokenizer", "xml")
APPS = Path(__file__).with_name("observed_apps")


def written(root: Path, name: str, text: str) -> str:
    """A file below ``/observed`` of the root; its path inside."""
    path = root / "observed" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return f"/observed/{name}"


def inside(root: Path, *words: str, **variables: str) -> list[str]:
    """A command that runs below the root."""
    return ["chroot", str(root), "/usr/bin/env", *(f"{name}={value}" for name, value in variables.items()), *words]


def nginx(root: Path, port: int) -> list[str]:
    (root / "var/log/nginx").mkdir(parents=True, exist_ok=True)
    (root / "var/lib/nginx").mkdir(parents=True, exist_ok=True)
    config = written(
        root,
        "nginx.conf",
        f"""daemon off; error_log /dev/null; pid /tmp/nginx.pid; user root; events {{}}
http {{ access_log off; server {{ listen 127.0.0.1:{port}; root /observed/www;
  location /dead/ {{ proxy_pass http://{DEAD}; }} location /denied {{ deny all; }} }} }}
""",
    )
    written(root, "www/index.html", "ok")
    return inside(root, "/usr/sbin/nginx", "-c", config)


def apache(root: Path, port: int) -> list[str]:
    (root / "var/run/apache2").mkdir(parents=True, exist_ok=True)
    modules = ("mpm_event", "authz_core", "proxy", "proxy_http", "mime", "dir")
    loads = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules)
    config = written(
        root,
        "apache.conf",
        f"""{loads}
Listen 127.0.0.1:{port}
ServerName localhost
PidFile /tmp/apache.pid
DefaultRuntimeDir /tmp
Mutex file:/tmp default
ErrorLog /tmp/apache.log
User nobody
Group nogroup
TypesConfig /dev/null
DocumentRoot /observed/www
ProxyPass /dead/ http://{DEAD}/
<Location /denied>
Require all denied
</Location>
""",
    )
    written(root, "www/index.html", "ok")
    return inside(root, "/usr/sbin/apache2", "-X", "-f", config)


def haproxy(root: Path, port: int) -> list[str]:
    config = written(
        root,
        "haproxy.cfg",
        f"""defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend all
  bind 127.0.0.1:{port}
  http-request deny if {{ path /denied }}
  default_backend dead
backend dead
  server dead {DEAD}
""",
    )
    return inside(root, "/usr/sbin/haproxy", "-f", config)


def lighttpd(root: Path, port: int) -> list[str]:
    written(root, "www/index.html", "ok")
    config = written(
        root,
        "lighttpd.conf",
        f"""server.document-root = "/observed/www"
server.port = {port}
server.bind = "127.0.0.1"
server.modules = ("mod_access", "mod_proxy")
index-file.names = ("index.html")
$HTTP["url"] =~ "^/dead/" {{ proxy.server = ("" => (("host" => "127.0.0.1", "port" => 9))) }}
$HTTP["url"] =~ "^/denied" {{ url.access-deny = ("") }}
""",
    )
    return inside(root, "/usr/sbin/lighttpd", "-D", "-f", config)


def registry(root: Path, port: int) -> list[str]:
    config = written(
        root,
        "registry.yml",
        f"""version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: /tmp/registry}}}}
http: {{addr: "127.0.0.1:{port}"}}
""",
    )
    return inside(root, "/usr/bin/docker-registry", "serve", config)


def etcd(root: Path, port: int) -> list[str]:
    here, peers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1 if port < 65535 else port - 1}"
    words = ["--data-dir", f"/tmp/etcd-{port}", "--listen-client-urls", here, "--advertise-client-urls", here]
    peer = ["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}"]
    return inside(root, "/usr/bin/etcd", *words, *peer)


def tomcat(root: Path, port: int) -> list[str]:
    base = root / "observed/tomcat"
    for name in ("conf", "logs", "temp", "webapps/ROOT", "work"):
        (base / name).mkdir(parents=True, exist_ok=True)
    connector = f'<Connector port="{port}" address="127.0.0.1"/>'
    host = '<Host name="localhost" appBase="webapps"/>'
    engine = f'<Engine name="Catalina" defaultHost="localhost">{host}</Engine>'
    service = f'<Service name="Catalina">{connector}{engine}</Service>'
    written(root, "tomcat/conf/server.xml", f'<Server port="-1">{service}</Server>')
    written(root, "tomcat/webapps/ROOT/boom.jsp", '<% throw new RuntimeException("boom"); %>')
    written(root, "tomcat/webapps/ROOT/index.html", "ok")
    web = root / "usr/share/tomcat10/etc/web.xml"
    (base / "conf/web.xml").write_bytes(web.read_bytes() if web.exists() else (root / "etc/tomcat10/web.xml").read_bytes())
    classes = ":".join(f"/usr/share/tomcat10/bin/{name}.jar" for name in ("bootstrap", "tomcat-juli"))
    options = ["-Dcatalina.home=/usr/share/tomcat10", "-Dcatalina.base=/observed/tomcat", "-Djava.io.tmpdir=/tmp"]
    home = "/usr/lib/jvm/java-17-openjdk-amd64"
    words = [f"{home}/bin/java", "-cp", classes, *options, "org.apache.catalina.startup.Bootstrap"]
    return inside(root, *words, LD_LIBRARY_PATH=f"{home}/lib")


def rails(root: Path, port: int) -> list[str]:
    config = written(root, "rails.ru", (APPS / "rb_rails.ru").read_text())
    return inside(root, "/usr/bin/puma", "-b", f"tcp://127.0.0.1:{port}", "-e", "production", config)


def sinatra(root: Path, port: int) -> list[str]:
    config = written(root, "sinatra.ru", (APPS / "rb_sinatra.ru").read_text())
    return inside(root, "/usr/bin/puma", "-b", f"tcp://127.0.0.1:{port}", "-e", "production", config)


def laravel(root: Path, port: int) -> list[str]:
    script = written(root, "laravel.php", (APPS / "php_laravel.php").read_text())
    extensions = [word for name in EXTENSIONS for word in ("-d", f"extension={name}")]
    return inside(root, "/usr/bin/php8.2", *extensions, "-S", f"127.0.0.1:{port}", script)


def caddy(root: Path, port: int) -> list[str]:
    config = written(
        root,
        "Caddyfile",
        f"""{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  handle /dead/* {{
    reverse_proxy {DEAD}
  }}
  handle /denied {{
    error 403
  }}
  handle {{
    root * /observed/www
    file_server
  }}
}}
""",
    )
    return inside(root, "/usr/bin/caddy", "run", "--config", config, "--adapter", "caddyfile", HOME="/tmp")


SERVERS: dict[str, Maker] = {
    one.__name__: one for one in (nginx, apache, haproxy, lighttpd, caddy, registry, etcd, tomcat, rails, sinatra, laravel)
}

package org.fasthebb.tools.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A server on this machine with one file, which fails in the ways that a test chooses. */
final class ArchiveServer implements AutoCloseable {
  /** What to do with ranges. */
  enum Ranges {
    KNOWN,
    IGNORED,
    WRONG
  }

  private final HttpServer server;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  volatile byte[] file;
  volatile String version = "\"one\"";
  volatile Ranges ranges = Ranges.KNOWN;
  volatile int status = 200;

  /** How many bytes of its body an answer has, by its number from 0, though more are promised. */
  volatile IntUnaryOperator cut = _ -> Integer.MAX_VALUE;

  /** Whether the connection stays open and silent after the cut, instead of ending. */
  volatile boolean hangs;

  /** Whether an answer goes on without an end. */
  volatile boolean endless;

  /** Whether each answer claims to be of another version than the last. */
  volatile boolean changes;

  ArchiveServer(byte[] file) throws IOException {
    this.file = file;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.start();
  }

  URI base() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/sets");
  }

  /** Of each request: its path, Range and If-Range. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    String range = headers.getFirst("Range");
    String ifRange = headers.getFirst("If-Range");
    int cutAfter;
    synchronized (requests) {
      cutAfter = cut.applyAsInt(requests.size());
      requests.add(exchange.getRequestURI() + " " + range + " " + ifRange);
      if (changes) {
        version = "\"" + requests.size() + "\"";
      }
    }
    try (exchange) {
      if (version != null) {
        exchange.getResponseHeaders().set("ETag", version);
      }
      if (status != 200) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      boolean part =
          range != null
              && ranges != Ranges.IGNORED
              && (ifRange == null || ifRange.equals(version) || ranges == Ranges.WRONG);
      int from = part ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
      if (part && from >= file.length) {
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      if (part) {
        int said = ranges == Ranges.WRONG ? from + 1 : from;
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + said + "-" + (file.length - 1) + "/" + file.length);
      }
      if (endless) {
        exchange.sendResponseHeaders(200, 0); // of an unknown length
        while (true) {
          exchange.getResponseBody().write(file);
        }
      }
      byte[] body = Arrays.copyOfRange(file, from, file.length);
      exchange.sendResponseHeaders(part ? 206 : 200, body.length);
      exchange.getResponseBody().write(body, 0, Math.min(body.length, cutAfter));
      exchange.getResponseBody().flush();
      if (hangs && cutAfter < body.length) {
        hangs = false;
        Thread.sleep(10_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

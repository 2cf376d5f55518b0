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

/** A local server with one file. It fails in the ways that a test chooses. */
final class ArchiveServer implements AutoCloseable {
  /** How it answers requests for a range. */
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

  /**
   * Number of bytes after which the body of an answer is cut off, by the number of the answer from
   * 0.
   */
  volatile IntUnaryOperator cut = _ -> Integer.MAX_VALUE;

  /** Whether the connection stays open and silent after the cut, instead of ending. */
  volatile boolean hangs;

  /** Whether it sends a byte from time to time while it is silent. */
  volatile boolean drips;

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

  /** The path, Range and If-Range of each request. */
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
        for (int i = 0; i < 200; i++) {
          Thread.sleep(50);
          if (drips) {
            exchange.getResponseBody().write(body, cutAfter + i, 1);
            exchange.getResponseBody().flush();
          }
        }
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

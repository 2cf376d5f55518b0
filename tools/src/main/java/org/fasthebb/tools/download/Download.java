package org.fasthebb.tools.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.fasthebb.models.data.DataException;

/** Downloads a file over HTTP; after a broken connection it continues with the missing rest. */
final class Download {
  /**
   * The times that a download waits.
   *
   * @param answer for a connection, and for the beginning of an answer
   * @param silence within an answer
   * @param pause after a connection broke; doubled each time that nothing more came
   */
  record Timeouts(Duration answer, Duration silence, Duration pause) {
    static final Timeouts USUAL =
        new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  /** The download fails after this many broken connections in a row that brought no data. */
  private static final int MOST_FAILURES = 4;

  private static final String CHANGED =
      "the file on the server has changed; downloading from the start";

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");

  private final URI address;
  private final PartFile part;
  private final Watcher watcher;
  private final Timeouts timeouts;

  /** Bytes received, for the thread that watches for silence. */
  private volatile long received;

  Download(URI address, PartFile part, Watcher watcher, Timeouts timeouts) {
    this.address = address;
    this.part = part;
    this.watcher = watcher;
    this.timeouts = timeouts;
  }

  /**
   * Appends the missing bytes to the part file, or starts over if the server cannot send a range.
   *
   * @throws DataException if the server does not send the file
   */
  void run() throws InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(timeouts.answer())
            .build()) {
      boolean began = false;
      int failures = 0;
      while (true) {
        long before = part.size();
        try {
          if (request(client)) {
            return;
          }
        } catch (IOException e) {
          failures = part.size() == before ? failures + 1 : 0;
          began |= part.size() != before;
          if (!began || failures > MOST_FAILURES) {
            throw broken(e);
          }
          watcher.message(
              "the connection broke after " + megabytes(part.size()) + "; trying to continue");
          Thread.sleep(timeouts.pause().multipliedBy(1L << failures));
        }
      }
    }
  }

  private DataException broken(IOException e) {
    String sentence =
        part.size() == 0
            ? "%s cannot be reached (%s); check the network, or name a mirror with --url."
                .formatted(address, reason(e))
            : "%s broke off after %s (%s); run the same command again to continue."
                .formatted(address, megabytes(part.size()), reason(e));
    return new DataException(sentence, e);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case HttpTimeoutException _ -> "no answer";
      case ConnectException _ when hasCause(e, UnresolvedAddressException.class) -> "no such host";
      case ConnectException _ -> "no connection";
      case SSLException _ -> "no secure connection";
      default -> "the connection ended";
    };
  }

  private static boolean hasCause(Throwable e, Class<?> type) {
    return e != null && (type.isInstance(e) || hasCause(e.getCause(), type));
  }

  /** Sends one request; returns whether the file is complete, else the next request starts over. */
  private boolean request(HttpClient client) throws IOException, InterruptedException {
    long have = part.size();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).timeout(timeouts.answer()).header("User-Agent", "fasthebb");
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
      part.version().ifPresent(version -> request.header("If-Range", version));
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      return switch (response.statusCode()) {
        case 200 -> takeAll(response, body, have);
        case 206 -> goOn(response, body, have);
        case 416 -> startAnew(have);
        default -> throw refused(response.statusCode());
      };
    }
  }

  private boolean takeAll(HttpResponse<?> response, InputStream body, long have)
      throws IOException {
    Optional<String> version = version(response);
    if (have > 0) {
      watcher.message(
          version.equals(part.version())
              ? "the server cannot continue a download; downloading from the start"
              : CHANGED);
    }
    part.restart(version);
    receive(body, response.headers().firstValueAsLong("Content-Length").orElse(0));
    return true;
  }

  private boolean goOn(HttpResponse<?> response, InputStream body, long have) throws IOException {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    boolean continues =
        range.matches()
            && Long.parseLong(range.group(1)) == have
            && version(response).equals(part.version());
    if (!continues) {
      return startAnew(have);
    }
    receive(body, Long.parseLong(range.group(2)));
    return true;
  }

  /** Starts over, because what the server has does not continue the part file. */
  private boolean startAnew(long have) {
    if (have == 0) {
      throw new DataException(
          "%s sent a range that was not requested; name a mirror with --url.".formatted(address));
    }
    watcher.message(CHANGED);
    part.restart(Optional.empty());
    return false;
  }

  private DataException refused(int status) {
    boolean later = status >= 500 || status == 429;
    return new DataException(
        "%s answered with status %s (%s); %s."
            .formatted(
                address,
                status,
                later ? "the server has a problem" : "the file is missing or access is denied",
                later
                    ? "try again later, or name a mirror with --url"
                    : "name a mirror with --url"));
  }

  /** A header that identifies this version of the file and may be sent in If-Range. */
  private static Optional<String> version(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> response.headers().firstValue("Last-Modified"));
  }

  /** Appends the body until the part file has {@code total} bytes, or to its end if that is 0. */
  private void receive(InputStream body, long total) throws IOException {
    Thread watch = Thread.ofVirtual().start(() -> closeWhenSilent(body));
    try {
      byte[] buffer = new byte[1 << 16];
      int read;
      while ((read = body.read(buffer)) >= 0) {
        part.append(buffer, read);
        received = part.size();
        watcher.step("downloading", part.size(), total);
      }
    } finally {
      watch.interrupt();
    }
    if (part.size() < total) {
      throw new IOException("the answer ended early");
    }
  }

  /** Closes a body that brings no data for too long; the HTTP client itself would wait for ever. */
  private void closeWhenSilent(InputStream body) {
    try {
      long before;
      do {
        before = received;
        Thread.sleep(timeouts.silence());
      } while (received != before);
      body.close();
    } catch (InterruptedException | IOException e) {
      return; // the body has ended
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

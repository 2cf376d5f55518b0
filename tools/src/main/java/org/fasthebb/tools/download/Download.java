package org.fasthebb.tools.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProtocolException;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.fasthebb.models.data.DataException;

/** Downloads a file over HTTP; after a broken connection it continues with the missing rest. */
final class Download {
  /**
   * The times that a download waits.
   *
   * @param answer for a connection, and for the beginning of an answer
   * @param silence within an answer, in which less than {@link #LEAST_RATE} comes
   * @param pause after a connection broke; doubled each time that nothing more came
   */
  record Timeouts(Duration answer, Duration silence, Duration pause) {
    static final Timeouts USUAL =
        new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  /** The download fails after this many broken connections in a row that brought no data. */
  private static final int MOST_FAILURES = 4;

  /** And after this many in all that brought some data, but less than {@link #MUCH}. */
  private static final int MOST_SMALL_STEPS = 20;

  private static final long MUCH = 1_000_000;

  /** And when it would have to begin from the start more often than this. */
  private static final int MOST_RESTARTS = 2;

  /** Bytes per second of an answer that is waited for; a slow modem has five times as many. */
  private static final long LEAST_RATE = 1000;

  private static final String CHANGED = "the file on the server has changed";

  /** What can be sent back in a header. */
  private static final Predicate<String> PLAIN = Pattern.compile("[ -~]{1,200}").asMatchPredicate();

  private final URI address;
  private final long size;
  private final PartFile part;
  private final Watcher watcher;
  private final Timeouts timeouts;

  /** Bytes received by all requests; the thread that watches for silence reads it too. */
  private final AtomicLong received = new AtomicLong();

  private int restarts;

  /** A download of a file of {@code size} bytes. */
  Download(URI address, long size, PartFile part, Watcher watcher, Timeouts timeouts) {
    this.address = address;
    this.size = size;
    this.part = part;
    this.watcher = watcher;
    this.timeouts = timeouts;
  }

  /**
   * Appends the missing bytes to the part file, or starts over if the server cannot send a range.
   * The number of requests is limited, and no more than the size of the file is written.
   *
   * @throws DataException if the server does not send the file, or one of another size
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
      int smallSteps = 0;
      while (true) {
        long before = received.get();
        try {
          if (request(client)) {
            return;
          }
        } catch (IOException e) {
          long step = received.get() - before;
          began |= step > 0;
          failures = step > 0 ? 0 : failures + 1;
          smallSteps += step < MUCH ? 1 : 0;
          if (!began || failures > MOST_FAILURES || smallSteps > MOST_SMALL_STEPS) {
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
      case ProtocolException _ -> "its answer is not HTTP";
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
      part.version().filter(PLAIN).ifPresent(version -> request.header("If-Range", version));
    }
    HttpResponse<InputStream> response = send(client, request.build());
    try (InputStream body = response.body()) {
      return switch (response.statusCode()) {
        case 200 -> takeAll(response, body, have);
        case 206 -> goOn(response, body, have);
        case 416 -> startAnew(have);
        default -> throw refused(response.statusCode());
      };
    }
  }

  private static HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IllegalArgumentException e) { // a Content-Length that is not a number
      ProtocolException answer = new ProtocolException(e.getMessage());
      answer.initCause(e);
      throw answer;
    }
  }

  private boolean takeAll(HttpResponse<?> response, InputStream body, long have)
      throws IOException {
    if (response.headers().firstValueAsLong("Content-Length").orElse(size) != size) {
      throw otherSize();
    }
    Optional<String> version = version(response);
    if (have > 0) {
      restart(
          version.equals(part.version()) ? "the server cannot continue a download" : CHANGED,
          version);
    } else {
      part.restart(version);
    }
    receive(body);
    return true;
  }

  private boolean goOn(HttpResponse<?> response, InputStream body, long have) throws IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.startsWith("bytes " + have + "-") || !version(response).equals(part.version())) {
      return startAnew(have);
    }
    receive(body);
    return true;
  }

  /** Starts over, because what the server has does not continue the part file. */
  private boolean startAnew(long have) {
    if (have == 0) {
      throw new DataException(
          "%s sent a range that was not requested; name a mirror with --url.".formatted(address));
    }
    restart(CHANGED, Optional.empty());
    return false;
  }

  /** Empties the part file for {@code version}, unless that has happened too often. */
  private void restart(String reason, Optional<String> version) {
    if (++restarts > MOST_RESTARTS) {
      throw new DataException(
          "%s breaks off again and again, and %s; name a mirror with --url."
              .formatted(address, reason));
    }
    watcher.message(reason + "; downloading from the start");
    part.restart(version);
  }

  private DataException otherSize() {
    return new DataException(
        "%s is not what its authors published: it does not have %s bytes; name another mirror with"
                .formatted(address, size)
            + " --url.");
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
        .or(() -> response.headers().firstValue("Last-Modified"))
        .filter(PLAIN);
  }

  /** Appends the body, which must end when the file is complete. */
  private void receive(InputStream body) throws IOException {
    Thread watch = Thread.ofVirtual().start(() -> closeWhenSilent(body));
    try {
      byte[] buffer = new byte[1 << 16];
      int read;
      while ((read = body.read(buffer)) >= 0) {
        if (read > size - part.size()) {
          part.restart(Optional.empty()); // nothing of it is worth keeping
          throw otherSize();
        }
        part.append(buffer, read);
        received.addAndGet(read);
        watcher.step("downloading", part.size(), size);
      }
    } finally {
      watch.interrupt();
    }
    if (part.size() < size) {
      throw new IOException("the answer ended early");
    }
  }

  /** Closes a body that brings hardly any data; the HTTP client itself would wait for ever. */
  private void closeWhenSilent(InputStream body) {
    try {
      long before;
      do {
        before = received.get();
        Thread.sleep(timeouts.silence());
      } while (received.get() - before > LEAST_RATE * timeouts.silence().toMillis() / 1000);
      body.close();
    } catch (InterruptedException | IOException e) {
      return; // the body has ended
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

package org.fasthebb.models.distributed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers over TCP: who may connect, and what happens when one is lost. */
class TcpTransportTest {
  private static final byte[] SECRET = "a secret of the run, 32 bytes it".getBytes(UTF_8);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(700);

  private final ExecutorService processes = Executors.newCachedThreadPool();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    processes.shutdownNow();
  }

  private List<ServerSocket> listeners(int workers) throws Exception {
    List<ServerSocket> listeners = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      listeners.add(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
    }
    open.addAll(listeners);
    return listeners;
  }

  private static List<InetSocketAddress> addresses(List<ServerSocket> listeners) {
    return listeners.stream()
        .map(l -> new InetSocketAddress(l.getInetAddress(), l.getLocalPort()))
        .toList();
  }

  private Future<TcpTransport> connect(
      int rank, List<ServerSocket> listeners, byte[] secret, Duration timeout) {
    return processes.submit(() -> {
      TcpTransport transport =
          TcpTransport.connect(rank, addresses(listeners), listeners.get(rank), secret, timeout);
      synchronized (open) {
        open.add(transport);
      }
      return transport;
    });
  }

  private List<TcpTransport> connected(int workers, Duration timeout) throws Exception {
    List<ServerSocket> listeners = listeners(workers);
    List<Future<TcpTransport>> futures = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      futures.add(connect(w, listeners, SECRET, timeout));
    }
    List<TcpTransport> transports = new ArrayList<>();
    for (Future<TcpTransport> future : futures) {
      transports.add(future.get());
    }
    return transports;
  }

  /** The one sentence in which a worker says what failed. */
  private static String sentence(Future<?> worker) {
    Throwable cause = assertThrows(ExecutionException.class, worker::get).getCause();
    assertEquals(LostWorkerException.class, cause.getClass(), cause.toString());
    assertFalse(cause.getMessage().contains("\n"));
    return cause.getMessage();
  }

  @Test
  void exchangesFramesLongerThanBuffersAndEmptyOnes() throws Exception {
    List<TcpTransport> workers = connected(2, LONG);
    float[] large = new float[300_001];
    for (int i = 0; i < large.length; i++) {
      large[i] = i / 7f;
    }
    Future<float[][]> zero =
        processes.submit(() -> workers.get(0).exchange(new float[][] {null, large}, new int[2]));
    float[][] in =
        workers.get(1).exchange(new float[][] {new float[0], null}, new int[] {300_001, 0});
    assertArrayEquals(large, in[0]);
    assertEquals(0, zero.get()[1].length);
  }

  @Test
  void aWorkerThatLeavesIsLostAtOnce() throws Exception {
    List<TcpTransport> workers = connected(3, LONG);
    Future<?> zero = processes.submit(() -> workers.get(0).exchange(new float[3][4], fours()));
    Future<?> one = processes.submit(() -> workers.get(1).exchange(new float[3][4], fours()));
    long start = System.nanoTime();
    workers.get(2).close();
    assertTrue(sentence(zero).matches("worker [12] of 3 at .*127.0.0.1:\\d+ is lost: .*"));
    sentence(one);
    assertTrue(System.nanoTime() - start < LONG.toNanos() / 2, "it waited for its time-out");
  }

  private static int[] fours() {
    return new int[] {4, 4, 4};
  }

  @Test
  void aSilentWorkerIsLostAfterTheTimeOut() throws Exception {
    List<TcpTransport> workers = connected(2, SHORT);
    Future<?> zero = processes.submit(() -> workers.get(0).exchange(new float[2][4], fours()));
    String message = sentence(zero);
    assertTrue(message.contains("worker 1 of 2") && message.contains("silent"), message);
  }

  @Test
  void whoDoesNotKnowTheSecretIsRefused() throws Exception {
    List<ServerSocket> listeners = listeners(2);
    byte[] other = SECRET.clone();
    other[0]++;
    Future<TcpTransport> zero = connect(0, listeners, SECRET, SHORT);
    Future<TcpTransport> one = connect(1, listeners, other, SHORT);
    String refused = sentence(one);
    assertTrue(refused.contains("it does not know the run's secret"), refused);
    String missing = sentence(zero);
    assertTrue(
        missing.contains("worker 1 of 2") && missing.contains("1 others were refused"), missing);
  }

  /** Whoever says anything before the secret is proved gets no further. */
  @Test
  void aStrangerDoesNotDisturbTheWorkers() throws Exception {
    List<ServerSocket> listeners = listeners(2);
    Future<TcpTransport> zero = connect(0, listeners, SECRET, LONG);
    try (Socket stranger = new Socket(listeners.get(0).getInetAddress(), port(listeners, 0))) {
      stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      assertEquals(-1, stranger.getInputStream().read());
    }
    try (Socket replay = new Socket(listeners.get(0).getInetAddress(), port(listeners, 0))) {
      DataOutputStream out = new DataOutputStream(replay.getOutputStream());
      out.writeInt(0x46480001);
      out.writeInt(1);
      out.writeInt(0);
      out.write(new byte[32]);
      DataInputStream in = new DataInputStream(replay.getInputStream());
      byte[] code = new byte[64];
      in.readFully(code);
      out.write(code, 32, 32); // the answerer's own code is not the caller's
      assertEquals(-1, in.read());
    }
    Future<TcpTransport> one = connect(1, listeners, SECRET, LONG);
    assertEquals(0, zero.get().rank());
    assertEquals(1, one.get().rank());
  }

  private static int port(List<ServerSocket> listeners, int worker) {
    return listeners.get(worker).getLocalPort();
  }

  @Test
  void aFrameOfAnotherLengthIsRefused() throws Exception {
    List<TcpTransport> workers = connected(2, LONG);
    Future<?> zero = processes.submit(() -> workers.get(0).exchange(new float[2][4], fours()));
    Future<?> one =
        processes.submit(() -> workers.get(1).exchange(new float[2][5_000_000], new int[] {4, 4}));
    String message = sentence(zero);
    assertTrue(message.contains("frame 0 of 5000000 values where frame 0 of 4"), message);
    one.cancel(true);
  }
}

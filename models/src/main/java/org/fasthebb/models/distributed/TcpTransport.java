package org.fasthebb.models.distributed;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connects workers that are processes, on one machine or several, by a connection between any two.
 * Only who knows the run's secret may connect: see {@link Handshake}.
 */
public final class TcpTransport implements Transport {
  /** The longest that a handshake may take; strangers are sent away then. */
  private static final int HANDSHAKE_MILLIS = 10_000;

  /** Handshakes at once; more callers than these must wait. */
  private static final int HANDSHAKES = 64;

  private static final int BUFFER_BYTES = 1 << 16;

  private final int rank;
  private final List<InetSocketAddress> addresses;
  private final Duration timeout;
  private final Socket[] sockets;
  private final DataInputStream[] inputs;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int number;
  private long nanosWaiting;

  private TcpTransport(int rank, List<InetSocketAddress> addresses, Duration timeout) {
    this.rank = rank;
    this.addresses = List.copyOf(addresses);
    this.timeout = timeout;
    sockets = new Socket[addresses.size()];
    inputs = new DataInputStream[addresses.size()];
  }

  /**
   * Connects a worker to all others; each calls this.
   *
   * @param rank of this worker
   * @param addresses of the workers' listeners, by rank
   * @param listener of this worker, which others connect to; it can be closed afterwards
   * @param secret of the run, at least 16 bytes
   * @param timeout the longest to wait for another worker, here and in each exchange
   * @throws LostWorkerException in one sentence, if a worker does not come or is refused
   */
  public static TcpTransport connect(
      int rank,
      List<InetSocketAddress> addresses,
      ServerSocket listener,
      byte[] secret,
      Duration timeout) {
    TcpTransport transport = new TcpTransport(rank, addresses, timeout);
    boolean connected = false;
    try {
      transport.connectAll(listener, new Handshake(secret));
      connected = true;
      return transport;
    } finally {
      if (!connected) {
        transport.close();
      }
    }
  }

  /** Calls the workers before this one, and waits for those after it to call. */
  private void connectAll(ServerSocket listener, Handshake handshake) {
    List<CompletableFuture<Socket>> callers = new ArrayList<>();
    for (int w = 0; w < workers(); w++) {
      callers.add(new CompletableFuture<>());
    }
    AtomicInteger refused = new AtomicInteger();
    long deadline = System.nanoTime() + timeout.toNanos();
    if (rank + 1 < workers()) {
      threads.execute(() -> accept(listener, handshake, callers, refused));
    }
    for (int w = 0; w < rank; w++) {
      try {
        use(w, call(addresses.get(w), w, handshake, deadline));
      } catch (IOException e) {
        throw lost(w, e);
      }
    }
    for (int w = rank + 1; w < workers(); w++) {
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        use(w, callers.get(w).get(left, TimeUnit.NANOSECONDS));
      } catch (IOException | ExecutionException | TimeoutException e) {
        String strangers =
            refused.get() == 0 ? "" : "; %s others were refused, the last because %s";
        throw lost(
            w, new IOException("it did not come" + strangers.formatted(refused, refusal), e));
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** Why the last caller was refused. */
  private volatile String refusal = "";

  private void accept(
      ServerSocket listener,
      Handshake handshake,
      List<CompletableFuture<Socket>> callers,
      AtomicInteger refused) {
    Semaphore room = new Semaphore(HANDSHAKES);
    try {
      while (!callers.stream().skip(rank + 1L).allMatch(CompletableFuture::isDone)) {
        room.acquire();
        Socket caller = listener.accept();
        threads.execute(() -> {
          try {
            caller.setSoTimeout(HANDSHAKE_MILLIS);
            if (!callers.get(handshake.answer(caller, rank, workers())).complete(caller)) {
              throw new IOException("it came twice");
            }
          } catch (IOException e) {
            refusal = reason(e);
            refused.incrementAndGet();
            closeQuietly(caller);
          } finally {
            room.release();
          }
        });
      }
    } catch (IOException e) {
      callers.forEach(caller -> caller.completeExceptionally(e)); // the listener was closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket call(InetSocketAddress address, int other, Handshake handshake, long deadline)
      throws IOException {
    Socket socket = new Socket();
    boolean done = false;
    try {
      int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
      socket.connect(address, millis);
      socket.setSoTimeout(Math.min(millis, HANDSHAKE_MILLIS));
      handshake.call(socket, rank, other);
      done = true;
      return socket;
    } finally {
      if (!done) {
        closeQuietly(socket);
      }
    }
  }

  private void use(int worker, Socket socket) throws IOException {
    sockets[worker] = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    inputs[worker] =
        new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int workers() {
    return addresses.size();
  }

  @Override
  public float[][] exchange(float[][] out, int[] lengths) {
    int now = number++;
    long start = System.nanoTime();
    long[] begun = new long[workers()];
    Arrays.fill(begun, start);
    List<Future<?>> sent = new ArrayList<>();
    List<Future<float[]>> received = new ArrayList<>();
    for (int w = 0; w < workers(); w++) {
      int other = w;
      boolean own = w == rank;
      sent.add(
          own
              ? null
              : threads.submit(() -> {
                Frame.write(sockets[other].getOutputStream(), now, out[other]);
                return null;
              }));
      received.add(
          own
              ? null
              : threads.submit(() -> {
                Frame.expect(inputs[other], now, lengths[other]);
                begun[other] = System.nanoTime();
                return Frame.values(inputs[other], lengths[other]);
              }));
    }
    float[][] in = new float[workers()][];
    for (int w = 0; w < workers(); w++) {
      if (w != rank) {
        in[w] = await(w, received.get(w));
        await(w, sent.get(w));
      }
    }
    nanosWaiting += Arrays.stream(begun).map(at -> at - start).max().getAsLong();
    return in;
  }

  @Override
  public long nanosWaiting() {
    return nanosWaiting;
  }

  private <T> T await(int worker, Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw lost(worker, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private LostWorkerException lost(int worker, Throwable cause) {
    close(); // so that the other workers do not wait for this one
    return new LostWorkerException(
        "worker %s of %s at %s is lost: %s; run again, and training goes on from its last checkpoint"
            .formatted(worker, workers(), addresses.get(worker), reason(cause)),
        cause);
  }

  private String reason(Throwable cause) {
    return switch (cause) {
      case SocketTimeoutException _ -> "it was silent for %s s".formatted(timeout.toSeconds());
      case EOFException _ -> "it has closed its connection";
      default -> cause.getMessage();
    };
  }

  private LostWorkerException interrupted(InterruptedException cause) {
    close();
    Thread.currentThread().interrupt();
    return new LostWorkerException("this worker was interrupted while it waited", cause);
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // nothing is lost with a connection that is given up
    }
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      if (socket != null) {
        closeQuietly(socket);
      }
    }
    threads.shutdownNow();
  }
}

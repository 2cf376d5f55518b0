package org.fasthebb.models.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Images that are slow to read are read ahead by several threads, and nobody can tell. */
class ReadAheadTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final Preprocessing PIXELS = Preprocessing.raw(CPU, 3);

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Images of 2x2 of which each byte tells the image. */
  private record Source(int size, boolean isSlow, IntConsumer hook, Set<Thread> readers)
      implements ImageSource {
    Source(int size, boolean isSlow, IntConsumer hook) {
      this(size, isSlow, hook, ConcurrentHashMap.newKeySet());
    }

    @Override
    public int height() {
      return 2;
    }

    @Override
    public int width() {
      return 2;
    }

    @Override
    public int channels() {
      return 3;
    }

    @Override
    public List<String> classNames() {
      return List.of("a", "b");
    }

    @Override
    public int label(int index) {
      return index / 3 % 2;
    }

    @Override
    public void read(int index, byte[] into, int at) {
      readers.add(Thread.currentThread());
      hook.accept(index);
      for (int i = 0; i < 12; i++) {
        into[at + i] = (byte) (7 * index + i);
      }
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void join(Set<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(10_000);
      assertFalse(thread.isAlive(), thread.getName() + " is still there");
    }
  }

  private record Seen(int from, List<Integer> labels, List<Float> pixels) {}

  private static List<Seen> epoch(DataLoader loader, int seed) {
    loader.shuffle(new Rng(seed));
    List<Seen> all = new ArrayList<>();
    try (Batches batches = loader.batches(3, 7, 2)) {
      while (batches.next()) {
        List<Integer> labels = new ArrayList<>();
        for (int label : batches.labels()) {
          labels.add(label);
        }
        List<Float> pixels = new ArrayList<>();
        for (float pixel : batches.images().toArray()) {
          pixels.add(pixel);
        }
        all.add(new Seen(batches.from(), labels, pixels));
      }
    }
    return all;
  }

  @Test
  void batchesAreTheSameForAnyNumberOfThreads() throws InterruptedException {
    Source fast = new Source(100, false, _ -> {});
    Source slow = new Source(100, true, index -> sleep(index % 5));
    DataLoader one = DataLoader.once(PIXELS, Examples.all(fast));
    DataLoader many = DataLoader.once(PIXELS, Examples.all(slow));
    for (int seed = 0; seed < 3; seed++) {
      assertEquals(epoch(one, seed), epoch(many, seed));
    }
    assertEquals(3, fast.readers.size(), "one thread for each epoch");
    int processors = Runtime.getRuntime().availableProcessors();
    assertTrue(slow.readers.size() > 3 || processors == 1, slow.readers.size() + " threads");
    assertTrue(slow.readers.size() <= 3 * processors, slow.readers.size() + " threads");
    join(slow.readers);
  }

  @Test
  void onlyAFewBatchesAreReadAhead() {
    Set<Integer> read = ConcurrentHashMap.newKeySet();
    CountDownLatch fourth = new CountDownLatch(40);
    Source source =
        new Source(
            100,
            true,
            index -> {
              read.add(index);
              fourth.countDown();
            });
    try (Batches batches = DataLoader.once(PIXELS, Examples.all(source)).batches(0, 10, 1)) {
      assertTrue(batches.next());
      assertTrue(fourth.await(10, TimeUnit.SECONDS), "three more batches are read");
      sleep(50);
      assertEquals(40, read.size());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theFirstBadImageIsReportedWhenItsTurnComes() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      var problems = List.of(new DataException("23 is torn"), new DataException("27 is torn"));
      AtomicInteger reads = new AtomicInteger();
      Source source =
          new Source(
              60,
              true,
              index -> {
                reads.incrementAndGet();
                if (index == 23) {
                  sleep(2); // so that another thread comes to 27 before
                  throw problems.getFirst();
                }
                if (index == 27) {
                  throw problems.getLast();
                }
              });
      try (Batches batches = DataLoader.once(PIXELS, Examples.all(source)).batches(0, 10, 1)) {
        assertTrue(batches.next());
        assertTrue(batches.next());
        sleep(5);
        assertSame(problems.getFirst(), assertThrows(DataException.class, batches::next));
      }
      assertTrue(reads.get() < 60);
      join(source.readers);
    }
  }

  @Test
  void anEarlyEndEndsAllThreads() throws InterruptedException {
    Collection<Integer> read = Collections.synchronizedSet(new TreeSet<>());
    Source source =
        new Source(
            1000,
            true,
            index -> {
              read.add(index);
              sleep(2);
            });
    try (Batches batches = DataLoader.once(PIXELS, Examples.all(source)).batches(0, 16, 1)) {
      for (int i = 0; i < 5; i++) {
        assertTrue(batches.next());
      }
    }
    join(source.readers);
    int after = read.size();
    assertTrue(after <= (5 + 3) * 16, after + " images");
    sleep(20);
    assertEquals(after, read.size());
  }

  @Test
  void theTimeSpentOnWaitingIsKnown() {
    Source source = new Source(8, true, _ -> sleep(20));
    try (Batches batches = DataLoader.once(PIXELS, Examples.all(source)).batches(0, 8, 1)) {
      assertEquals(0, batches.secondsWaited());
      long start = System.nanoTime();
      assertTrue(batches.next());
      double seconds = (System.nanoTime() - start) * 1e-9;
      assertTrue(batches.secondsWaited() >= 0.02 && batches.secondsWaited() <= seconds);
      assertFalse(batches.next());
    }
  }

  /** Batches of other sizes come at the end, and one after another uses the same memory. */
  @Test
  void memoryIsUsedAgain() {
    Source source = new Source(50, true, _ -> {});
    List<float[]> rows = new ArrayList<>();
    DataLoader.once(PIXELS, Examples.all(source))
        .forEachBlock(4, (images, _) -> rows.add(images.toArray()));
    assertEquals(13, rows.size());
    for (int i = 0; i < 50; i++) {
      float[] expected = new float[12];
      for (int at = 0; at < 12; at++) {
        expected[at] = (float) (Byte.toUnsignedInt((byte) (7 * i + at)) / 255.0);
      }
      float[] found = new float[12];
      System.arraycopy(rows.get(i / 4), i % 4 * 12, found, 0, 12);
      assertArrayEquals(expected, found);
    }
  }
}

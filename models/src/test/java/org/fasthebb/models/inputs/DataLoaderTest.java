package org.fasthebb.models.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The batches of a loader: their images, their order, and the threads that read them. */
class DataLoaderTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int IMAGES = 23;

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Images of 1x2x2 whose bytes are known, and a hook that sees each read. */
  private static final class Known implements ImageSource {
    private final IntConsumer hook;

    /** The threads that read. */
    private final Set<Thread> readers = ConcurrentHashMap.newKeySet();

    Known(IntConsumer hook) {
      this.hook = hook;
    }

    static byte value(int image, int at) {
      return (byte) (37 * image + 11 * at);
    }

    @Override
    public int size() {
      return IMAGES + 2;
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public int width() {
      return 2;
    }

    @Override
    public int channels() {
      return 2;
    }

    @Override
    public List<String> classNames() {
      return List.of("a", "b", "c");
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public void read(int index, byte[] into, int at) {
      readers.add(Thread.currentThread());
      hook.accept(index);
      for (int i = 0; i < 4; i++) {
        into[at + i] = value(index, i);
      }
    }
  }

  private static final double[] MEAN = {0.25, 0.5};
  private static final double[] STD = {0.5, 2};
  private static final Preprocessing PIXELS =
      new Preprocessing(CPU, new ChannelStats(MEAN, STD), null);

  /** All images but the first two, last one first. */
  private static Examples examples(ImageSource set) {
    int[] indices = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      indices[i] = IMAGES + 1 - i;
    }
    return new Examples(set, indices);
  }

  private static float[] expected(int... images) {
    float[] values = new float[images.length * 4];
    for (int i = 0; i < values.length; i++) {
      int c = i % 2;
      double pixel = Byte.toUnsignedInt(Known.value(images[i / 4], i % 4)) / 255.0;
      values[i] = (float) ((pixel - MEAN[c]) / STD[c]);
    }
    return values;
  }

  private static void join(Set<Thread> threads) {
    for (Thread thread : threads) {
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertFalse(thread.isAlive(), thread.getName() + " is still there");
    }
  }

  private static List<Integer> sizes(int first, int size, int least) {
    DataLoader loader = DataLoader.once(PIXELS, examples(new Known(_ -> {})));
    List<Integer> sizes = new ArrayList<>();
    try (Batches batches = loader.batches(first, size, least)) {
      while (batches.next()) {
        sizes.add(batches.to() - batches.from());
      }
    }
    return sizes;
  }

  @Test
  void aRestThatIsTooShortJoinsTheBatchBefore() {
    assertEquals(List.of(10, 10, 3), sizes(0, 10, 1));
    assertEquals(List.of(10, 10, 3), sizes(0, 10, 2));
    assertEquals(List.of(11, 12), sizes(0, 11, 2));
    assertEquals(List.of(11, 11, 1), sizes(0, 11, 1));
    assertEquals(List.of(12), sizes(11, 11, 2));
    assertEquals(List.of(23), sizes(0, 22, 2));
    assertEquals(List.of(23), sizes(0, 100, 2));
    assertEquals(List.of(), sizes(23, 4, 1));
  }

  @Test
  void aBatchNeedsAnImage() {
    var error = assertThrows(IllegalArgumentException.class, () -> sizes(0, 0, 1));
    assertEquals("the batch size is 0 images, but must be at least 1", error.getMessage());
  }

  @Test
  void batchesHoldTheNormalizedImagesOfTheOrder() {
    DataLoader loader = DataLoader.once(PIXELS, examples(new Known(_ -> {})));
    int seen = 0;
    try (Batches batches = loader.batches(3, 4, 2)) {
      while (batches.next()) {
        int[] images = new int[batches.to() - batches.from()];
        int[] labels = new int[images.length];
        for (int i = 0; i < images.length; i++) {
          images[i] = IMAGES + 1 - (batches.from() + i);
          labels[i] = images[i] % 3;
        }
        assertArrayEquals(expected(images), batches.images().toArray());
        assertArrayEquals(labels, batches.labels());
        assertArrayEquals(labels, loader.labels(batches.from(), batches.to()));
        seen += images.length;
      }
    }
    assertEquals(IMAGES - 3, seen);
  }

  @Test
  void aShuffledOrderIsOfTheSeedAndHoldsEveryImageOnce() {
    DataLoader loader = DataLoader.once(PIXELS, examples(new Known(_ -> {})));
    loader.shuffle(new Rng(5));
    float[] first = all(loader);
    loader.shuffle(new Rng(6));
    assertFalse(Arrays.equals(first, all(loader)));
    loader.shuffle(new Rng(5));
    assertArrayEquals(first, all(loader));
    Set<Float> values = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < first.length; i += 4) {
      values.add(first[i]);
    }
    assertEquals(IMAGES, values.size());
  }

  private static float[] all(DataLoader loader) {
    float[] values = new float[IMAGES * 4];
    loader.forEachBlock(
        5,
        (images, from) -> System.arraycopy(images.toArray(), 0, values, from * 4, images.size()));
    return values;
  }

  @Test
  void theNextBatchIsReadWhileOneIsInUse() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    Known set =
        new Known(index -> {
          if (index == IMAGES + 1 - 7) { // the last image of the second batch
            second.countDown();
          }
        });
    try (Batches batches = DataLoader.once(PIXELS, examples(set)).batches(0, 4, 1)) {
      assertTrue(batches.next());
      assertTrue(second.await(10, TimeUnit.SECONDS), "nobody reads the second batch");
      assertEquals(0, batches.from());
      assertArrayEquals(expected(24, 23, 22, 21), batches.images().toArray());
    }
    assertEquals(1, set.readers.size());
    assertFalse(set.readers.contains(Thread.currentThread()));
    join(set.readers);
  }

  @Test
  void aFailureToReadIsThatOfTheBatchAndLeavesNoThread() {
    DataException problem = new DataException("image 17 is torn; download it again");
    Known set =
        new Known(index -> {
          if (index == 17) {
            throw problem;
          }
        });
    try (Batches batches = DataLoader.once(PIXELS, examples(set)).batches(0, 4, 1)) {
      assertTrue(batches.next()); // 24, 23, 22, 21
      assertSame(problem, assertThrows(DataException.class, batches::next));
    }
    join(set.readers);
  }

  @Test
  void anEarlyEndLeavesNoThreadAndReadsNoFurther() {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Set<Integer> read = ConcurrentHashMap.newKeySet();
    Known set =
        new Known(index -> {
          read.add(index);
          if (index == 20) { // the first of the second batch
            reading.countDown();
            try {
              assertTrue(goOn.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        });
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (Batches batches = DataLoader.once(PIXELS, examples(set)).batches(0, 4, 1)) {
            assertTrue(batches.next());
            assertTrue(reading.await(10, TimeUnit.SECONDS));
            Thread.startVirtualThread(goOn::countDown);
            throw new IllegalStateException("the step failed");
          }
        });
    join(set.readers);
    assertTrue(read.contains(20));
    assertFalse(read.contains(16), "a batch was begun after the end");
  }

  @Test
  void keptImagesEqualImagesThatAreReadAgain() {
    AtomicInteger reads = new AtomicInteger();
    Tensor z = CPU.of(new float[] {2, 1, 1, 3}, 2, 2); // of tiles of one pixel
    Preprocessing whitened = new Preprocessing(CPU, new ChannelStats(MEAN, STD), new Zca(1, z));
    Examples examples = examples(new Known(_ -> reads.incrementAndGet()));
    DataLoader kept = DataLoader.kept(whitened, examples);
    assertEquals(IMAGES, reads.get());
    DataLoader once = DataLoader.once(whitened, examples);
    for (int epoch = 0; epoch < 2; epoch++) {
      kept.shuffle(new Rng(epoch));
      once.shuffle(new Rng(epoch));
      int before = reads.get();
      float[] values = all(kept);
      assertEquals(before, reads.get());
      assertArrayEquals(all(once), values);
    }
  }

  @Test
  void otherChannelsAreRefused() {
    Preprocessing grey =
        new Preprocessing(CPU, new ChannelStats(new double[1], new double[1]), null);
    DataLoader loader = DataLoader.once(grey, examples(new Known(_ -> {})));
    var error = assertThrows(IllegalArgumentException.class, () -> loader.batches(0, 2, 1));
    assertEquals("these statistics are of 1 channels, but the images have 2.", error.getMessage());
  }
}

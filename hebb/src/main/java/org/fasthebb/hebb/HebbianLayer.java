package org.fasthebb.hebb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.io.TensorFile;

/**
 * A layer of neurons that learns by a Hebbian rule: a valid convolution with stride 1 over
 * channels-last images. If the kernel covers the whole image, the layer is fully connected.
 *
 * <pre>{@code
 * HebbianLayer layer = new HebbianLayer(new SoftWta(), cpu.of(weights, 96, 75), 5, 5);
 * Tensor y = layer.learn(images, 1e-3f); // (b, 32, 32, 3) -> (b, 28, 28, 96), weights stepped
 * layer.save(Path.of("layer.safetensors"));
 * HebbianLayer same = HebbianLayer.load(Path.of("layer.safetensors"), cpu, new SoftWta());
 * }</pre>
 */
public final class HebbianLayer {
  /**
   * Patches observed at once on the CPU: what a rule computes from them should stay in the L2 or L3
   * cache.
   */
  private static final int PATCHES = 8192;

  /**
   * Outputs computed at once on the CPU, at most: layers of many neurons observe fewer patches at a
   * time.
   */
  private static final int OUTPUTS = 1 << 23;

  /**
   * Patches observed at once on the CPU, at most, where a single image is cut into blocks. Fewer
   * keep outputs in the L2 cache, but leave little work for each of many threads.
   */
  private static final int PATCHES_OF_LARGE = 4096;

  /** Patches observed at once on a GPU. More keep it busier, but take more of its memory. */
  private static final int PATCHES_ON_DEVICE = 65_536;

  /** What files call the weights. */
  private static final String WEIGHT = "weight";

  private final HebbianRule rule;
  private final Tensor w;
  private final int kh;
  private final int kw;
  private final int pool;

  /**
   * A layer of N neurons that see kh x kw patches.
   *
   * @param w weights (N, kh kw c), each patch in the order (row, column, channel); {@link #learn}
   *     changes them
   */
  public HebbianLayer(HebbianRule rule, Tensor w, int kh, int kw) {
    this(rule, w, kh, kw, 1);
  }

  /**
   * A layer with the weights that {@link #save} wrote.
   *
   * @param backend where the weights are to be
   * @param rule by which it goes on; the file does not tell
   * @throws IOException in one sentence if the file cannot be read or holds no such weights
   */
  public static HebbianLayer load(Path file, Backend backend, HebbianRule rule) throws IOException {
    Tensor kernels = TensorFile.read(file, WEIGHT, backend);
    if (kernels.rank() != 4 || kernels.size() == 0) {
      throw new IOException(
          "'%s' holds the tensor '%s' %s where a layer has neurons (n, kh, kw, c); take another file"
              .formatted(file, WEIGHT, kernels.layout()));
    }
    for (float value : kernels.toArray()) {
      if (!Float.isFinite(value)) {
        throw new IOException("'" + file + "' holds weights that are not finite; get another copy");
      }
    }
    int n = kernels.size(0);
    Tensor w = kernels.reshape(n, kernels.size() / n);
    return new HebbianLayer(rule, w, kernels.size(1), kernels.size(2));
  }

  /**
   * Writes the weights as the tensor {@code weight} (N, kh, kw, c) of a safetensors file, whole or
   * not at all. The rule and the pooling are not in it.
   *
   * @throws IOException in one sentence if it cannot be written; a previous file is then unchanged
   */
  public void save(Path file) throws IOException {
    int n = w.size(0);
    TensorFile.write(
        file, Map.of(WEIGHT, w.contiguous().reshape(n, kh, kw, w.size(1) / (kh * kw))));
  }

  private HebbianLayer(HebbianRule rule, Tensor w, int kh, int kw, int pool) {
    if (w.rank() != 2 || kh < 1 || kw < 1 || w.size(1) % ((long) kh * kw) != 0) {
      throw new IllegalArgumentException(
          "weights " + w.layout() + " do not fit patches of " + kh + "x" + kw + " pixels");
    }
    this.rule = rule;
    this.w = w;
    this.kh = kh;
    this.kw = kw;
    this.pool = pool;
  }

  /**
   * The same layer, of whose outputs only the maxima of k x k windows with stride k are kept. They
   * are taken block by block, so that the outputs of large images are never in memory as a whole.
   *
   * @param k at least 1
   */
  public HebbianLayer pooled(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("the window is " + k + " pixels; it must be at least 1");
    }
    return new HebbianLayer(rule, w, kh, kw, k);
  }

  /** Weights (N, S). */
  public Tensor weights() {
    return w;
  }

  /** Output (b, (h-kh+1)/k, (w-kw+1)/k, N) for images (b, h, w, c); k is 1 unless pooled. */
  public Tensor respond(Tensor images) {
    if (pool == 1) {
      return rule.respond(patches(images), w).reshape(outputShape(images));
    }
    Tensor out = images.backend().empty(outputShape(images));
    forEachBlock(
        images,
        out,
        (block, to) -> {
          Tensor y = rule.respond(patches(block), w).reshape(mapShape(block));
          y.device().maxPool(y, pool, to, null);
        });
    return out;
  }

  /**
   * Computes the output for images (b, h, w, c), then takes one learning step: W = W + eta dW. The
   * output is that of the weights before the step, in the shape that {@link #respond} gives.
   */
  public Tensor learn(Tensor images, float eta) {
    return learn(images, eta, Reducer.IDENTITY);
  }

  /**
   * Does the same as {@link #learn(Tensor, float)}, but steps from the images of all shards of the
   * batch.
   *
   * @param reducer adds the statistics of the other shards; all shards must have the same number of
   *     images
   */
  public Tensor learn(Tensor images, float eta, Reducer reducer) {
    Tensor out = images.backend().empty(outputShape(images));
    try (Scope _ = images.backend().scope()) {
      boolean few = patches(images).size(0) <= patchesAtOnce(images);
      if (reducer.equals(Reducer.IDENTITY) && few) {
        fill(out, images, (x, y) -> rule.learn(x, w, y, eta));
      } else {
        Statistics statistics = observe(images, out);
        reducer.reduce(statistics.tensors().toArray(Tensor[]::new));
        statistics.addDelta(w, eta);
      }
    }
    return out;
  }

  /** The weight change (N, S) that {@link #learn} makes with a learning rate of 1. */
  public Tensor delta(Tensor images) {
    return observe(images, images.backend().empty(outputShape(images))).delta();
  }

  /**
   * Statistics of images (b, h, w, c), observed block by block. The weights do not change.
   *
   * @param out receives the output in the shape that {@link #respond} gives; gapless
   */
  public Statistics observe(Tensor images, Tensor out) {
    int[] shape = outputShape(images);
    if (!Arrays.equals(shape, out.shape())) {
      throw new IllegalArgumentException(
          "the output for images "
              + images.layout()
              + " has the shape "
              + Arrays.toString(shape)
              + ", but out is "
              + out.layout());
    }
    Statistics statistics = rule.statistics(w, patches(images).size(0));
    forEachBlock(images, out, (block, to) -> fill(to, block, statistics::observe));
    return statistics;
  }

  /** Computes the outputs y (B, N) of patches x (B, S), and what else is to be done with them. */
  private interface Work {
    void run(Tensor x, Tensor y);
  }

  /** Lets {@code work} compute the outputs for images, and pools them into {@code out}. */
  private void fill(Tensor out, Tensor images, Work work) {
    Tensor x = inMemory(patches(images));
    Tensor y = pool == 1 ? out : images.backend().empty(mapShape(images));
    work.run(x, y.reshape(x.size(0), w.size(0)));
    if (pool > 1) {
      y.device().maxPool(y, pool, out, null);
    }
  }

  /** Some images, or some rows of one image. */
  private interface ImageBlock {
    /**
     * Receives a block in a scope of its own.
     *
     * @param images (b', h', w, c); blocks of rows overlap by kh - 1
     * @param out the part of the output that belongs to it
     */
    void take(Tensor images, Tensor out);
  }

  private void forEachBlock(Tensor images, Tensor out, ImageBlock block) {
    int[] map = mapShape(images);
    int perImage = map[1] * map[2];
    int step = Math.max(1, patchesAtOnce(images) / Math.max(1, perImage));
    boolean large = perImage > patchesAtOnce(images);
    for (int from = 0; from < map[0]; from += step) {
      int to = Math.min(map[0], from + step);
      if (large) {
        forEachBlockOfRows(images.slice(0, from, to), out.slice(0, from, to), block);
      } else {
        take(block, images.slice(0, from, to), out.slice(0, from, to));
      }
    }
  }

  /** Cuts an image between windows of the pooling. */
  private void forEachBlockOfRows(Tensor image, Tensor out, ImageBlock block) {
    int[] map = mapShape(image);
    int rows = map[1];
    int most = patchesAtOnce(image);
    int patches = image.backend().isRemote() ? most : Math.min(PATCHES_OF_LARGE, most);
    int step = Math.max(1, patches / map[2] / pool) * pool;
    for (int from = 0; from < rows; from += step) {
      int to = Math.min(rows, from + step);
      take(
          block,
          image.slice(1, from, to + kh - 1),
          out.slice(1, from / pool, Math.min(out.size(1), to / pool)));
    }
  }

  private static void take(ImageBlock block, Tensor images, Tensor out) {
    try (Scope _ = images.backend().scope()) {
      block.take(images, out);
    }
  }

  /**
   * Patches as a GPU multiplies by them: gathered once for all products of a step, in rows that
   * begin at multiples of 16 bytes. A CPU reads them where they overlap.
   */
  private static Tensor inMemory(Tensor patches) {
    if (!patches.backend().isRemote() || patches.layout().isContiguous()) {
      return patches;
    }
    int s = patches.size(1);
    int padded = (s + 3) & -4;
    Tensor rows = patches.backend().empty(patches.size(0), padded);
    return (s == padded ? rows : rows.slice(1, 0, s)).assign(patches);
  }

  private int patchesAtOnce(Tensor images) {
    return images.backend().isRemote()
        ? PATCHES_ON_DEVICE
        : Math.clamp(OUTPUTS / Math.max(1, w.size(0)), 1, PATCHES);
  }

  private Tensor patches(Tensor images) {
    Tensor x = images.patches(kh, kw);
    if (x.size(1) != w.size(1)) {
      throw new IllegalArgumentException(
          "weights "
              + w.layout()
              + " do not fit "
              + kh
              + "x"
              + kw
              + " patches of images "
              + images.layout()
              + ", which have "
              + x.size(1)
              + " values");
    }
    return x;
  }

  /** The shape of the outputs before pooling. */
  private int[] mapShape(Tensor images) {
    patches(images);
    return new int[] {images.size(0), images.size(1) - kh + 1, images.size(2) - kw + 1, w.size(0)};
  }

  /** The shape that {@link #respond} gives to the output for images (b, h, w, c). */
  public int[] outputShape(Tensor images) {
    int[] map = mapShape(images);
    if (pool > map[1] || pool > map[2]) {
      throw new IllegalArgumentException(
          "cannot pool %sx%s windows of the outputs %s for images %s"
              .formatted(pool, pool, Arrays.toString(map), images.layout()));
    }
    return new int[] {map[0], map[1] / pool, map[2] / pool, map[3]};
  }
}

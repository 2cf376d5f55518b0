package org.fasthebb.engine.internal;

import java.util.Arrays;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;

/**
 * Products with 3 x 3 patches by Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray, <em>Fast
 * Algorithms for Convolutional Neural Networks</em>, 2015): 16 multiplications make 2 x 2 outputs
 * that need 36.
 *
 * <p>With d a tile of 4 x 4 pixels, g a filter of 3 x 3 and the tiles of neighbours overlapping by
 * two pixels, the output is Y = A^T (G g G^T * B^T d B) A, where * multiplies element by element:
 * for each of the 16 elements, a matrix product over channels. The sum over patches of outer
 * products, by which weights learn, is the adjoint with respect to g: G^T sum(A e A^T * B^T d B) G.
 * All four transforms are sums and differences of contiguous channels, scaled by 1/2.
 */
final class Winograd {
  /** Fewer channels, neurons or patches than these are not worth the transforms. */
  private static final int FEWEST = 32;

  private static final int FEWEST_PATCHES = 256;

  /** Tiles that a task transforms together: they stay in the L2 cache. */
  private static final int TILES = 48;

  /** Tiles summed at a time in {@link #update}. */
  private static final int DEPTH = 192;

  /** Channels lie together: k begins once, at their start. */
  private static final int[] ONE_RUN = {0};

  private final ThreadPool pool;
  private final Workspace<float[]> workspace;
  private final Kernels kernels = KernelChoice.kernels();
  private final Packing packing = new Packing(kernels);
  private final int mr = kernels.mr();
  private final int nr = kernels.nr();

  Winograd(ThreadPool pool, Workspace<float[]> workspace) {
    this.pool = pool;
    this.workspace = workspace;
  }

  /** Does the contraction if it is one of those above, and says whether. */
  boolean contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    String x = how.first();
    String y = how.second();
    if (x.length() != 2 || y.length() != 2 || how.result().length() != 2) {
      return false;
    }
    if (!add && y.charAt(1) == x.charAt(1) && how.result().equals("" + x.charAt(0) + y.charAt(0))) {
      if (!fits(a, b.size(0)) || !b.layout().isContiguous() || !out.layout().isContiguous()) {
        return false;
      }
      respond(a, b, out);
      return true;
    }
    if (x.charAt(0) == y.charAt(0) && how.result().equals("" + x.charAt(1) + y.charAt(1))) {
      if (!fits(b, a.size(1)) || !a.layout().isContiguous() || !out.layout().isContiguous()) {
        return false;
      }
      update(a, b, out, add);
      return true;
    }
    return false;
  }

  private static boolean fits(Tensor x, int neurons) {
    if (!PatchSquares.isPatches(x)) {
      return false;
    }
    Layout.Axis patches = x.layout().axis(0);
    Layout.Axis values = x.layout().axis(1);
    return values.sizes()[0] == 3
        && values.sizes()[1] == 3
        && values.strides()[1] == values.sizes()[2] // pixels next to each other
        && patches.sizes()[1] % 2 == 0
        && patches.sizes()[2] % 2 == 0
        && values.sizes()[2] >= FEWEST
        && neurons >= FEWEST
        && patches.size() >= FEWEST_PATCHES;
  }

  /** Images, cut into rows of tiles that are counted through all of them. */
  private record Tiles(
      float[] array, int offset, int[] strides, int perColumn, int perRow, int rows, int c) {
    static Tiles of(Tensor patches) {
      Layout.Axis axis = patches.layout().axis(0);
      int ho = axis.sizes()[1];
      int wo = axis.sizes()[2];
      int c = patches.layout().axis(1).sizes()[2];
      float[] array = patches.storage().array();
      int offset = patches.layout().offset();
      return new Tiles(array, offset, axis.strides(), ho / 2, wo / 2, axis.sizes()[0] * ho / 2, c);
    }

    /** Where a row of tiles starts. */
    int start(int row) {
      return offset + row / perColumn * strides[0] + row % perColumn * 2 * strides[1];
    }

    /** Elements in a row of pixels under a row of tiles. */
    int width() {
      return (2 * perRow + 2) * c;
    }
  }

  /** Component k of B^T d, from the four vectors of {@code count} at from, from + step .. */
  private void input(int k, float[] d, int from, int step, int count, float[] into, int to) {
    int first = from + (k == 0 ? 0 : k == 2 ? 2 : 1) * step;
    int second = from + (k == 3 ? 3 : k == 2 ? 1 : 2) * step;
    kernels.zip(k == 1 ? Op.Binary.ADD : Op.Binary.SUBTRACT, d, first, d, second, into, to, count);
  }

  /** Component k of A e, from two vectors. */
  private void error(int k, float[] e, int from, int step, int count, float[] into, int to) {
    switch (k) {
      case 0 -> System.arraycopy(e, from, into, to, count);
      case 1 -> kernels.zip(Op.Binary.ADD, e, from, e, from + step, into, to, count);
      case 2 -> kernels.zip(Op.Binary.SUBTRACT, e, from, e, from + step, into, to, count);
      default -> kernels.map(Op.Unary.SCALE, e, from + step, -1, into, to, count);
    }
  }

  /** Component k of A^T m, from four vectors. */
  private void output(int k, float[] m, int from, int step, int count, float[] into, int to) {
    Op.Binary op = k == 0 ? Op.Binary.ADD : Op.Binary.SUBTRACT;
    int first = from + k * step;
    kernels.zip(op, m, first, m, first + step, into, to, count);
    kernels.zip(op, into, to, m, first + 2 * step, into, to, count);
  }

  /** Component k of G g, from three vectors. */
  private void filter(int k, float[] g, int from, int step, int count, float[] into, int to) {
    if (k == 0 || k == 3) {
      System.arraycopy(g, from + (k == 3 ? 2 * step : 0), into, to, count);
      return;
    }
    Op.Binary op = k == 1 ? Op.Binary.ADD : Op.Binary.SUBTRACT;
    kernels.zip(op, g, from, g, from + step, into, to, count);
    kernels.zip(Op.Binary.ADD, into, to, g, from + 2 * step, into, to, count);
    kernels.map(Op.Unary.SCALE, into, to, 0.5f, into, to, count);
  }

  /** Component k of G^T u, from four vectors. */
  private void filterAdjoint(
      int k, float[] u, int from, int step, int count, float[] into, int to) {
    Op.Binary op = k == 1 ? Op.Binary.SUBTRACT : Op.Binary.ADD;
    kernels.zip(op, u, from + step, u, from + 2 * step, into, to, count);
    kernels.map(Op.Unary.SCALE, into, to, 0.5f, into, to, count);
    if (k != 1) {
      int other = from + (k == 0 ? 0 : 3) * step;
      kernels.zip(Op.Binary.ADD, into, to, u, other, into, to, count);
    }
  }

  /** y (b, n) = x (b, s) w^T (s, n). */
  private void respond(Tensor x, Tensor w, Tensor y) {
    Tiles tiles = Tiles.of(x);
    int n = w.size(0);
    int panels = Math.ceilDiv(n, nr);
    float[] filters = workspace.take(16 * panels * nr * tiles.c);
    Layout packed = Layout.contiguous(nr, tiles.c);
    AxisGroup neurons = AxisGroup.of(packed.axis(0));
    AxisGroup channels = AxisGroup.of(packed.axis(1));
    pool.run(panels, panel -> packFilters(w, neurons, channels, panel, panels, filters));
    int unit =
        mr / Divisors.greatestCommon(mr, tiles.perRow); // rows of tiles that fill register tiles
    int rows = Math.max(1, Math.ceilDiv(TILES, unit * tiles.perRow)) * unit;
    pool.run(
        Math.ceilDiv(tiles.rows, rows),
        task -> {
          int from = task * rows;
          respond(tiles, from, Math.min(tiles.rows, from + rows), filters, y);
        });
    workspace.give(filters);
  }

  /** Packs G g G^T of nr neurons: by element, panel and channel. */
  private void packFilters(
      Tensor w, AxisGroup neurons, AxisGroup channels, int panel, int panels, float[] filters) {
    int c = channels.total();
    Scratch use = Scratch.get();
    int first = panel * nr;
    int count = Math.min(nr, w.size(0) - first);
    float[] half = use.floats(0, 12 * c);
    float[] whole = use.floats(1, 16 * count * c);
    float[] ws = w.storage().array();
    for (int neuron = 0; neuron < count; neuron++) {
      int at = w.layout().offset() + (first + neuron) * 9 * c;
      for (int i = 0; i < 4; i++) {
        filter(i, ws, at, 3 * c, 3 * c, half, i * 3 * c);
        for (int j = 0; j < 4; j++) {
          filter(j, half, i * 3 * c, c, c, whole, ((i * 4 + j) * count + neuron) * c);
        }
      }
    }
    for (int element = 0; element < 16; element++) {
      Gemm.Matrix matrix = new Gemm.Matrix(whole, element * count * c);
      int to = (element * panels + panel) * c * nr;
      packing.pack(matrix, neurons, channels, 0, 0, count, nr, 0, c, filters, to);
    }
  }

  /** Outputs of rows of tiles. */
  private void respond(Tiles tiles, int fromRow, int toRow, float[] filters, Tensor y) {
    Scratch use = Scratch.get();
    int n = y.size(1);
    int c = tiles.c;
    int width = tiles.width();
    int count = (toRow - fromRow) * tiles.perRow;
    int padded = Math.ceilDiv(count, mr) * mr;
    float[] half = use.floats(0, 4 * width);
    float[] inputs = use.floats(1, 16 * padded * c); // by element, tile and channel
    for (int row = fromRow; row < toRow; row++) {
      for (int i = 0; i < 4; i++) {
        input(i, tiles.array, tiles.start(row), tiles.strides[1], width, half, i * width);
        for (int tx = 0; tx < tiles.perRow; tx++) {
          int tile = (row - fromRow) * tiles.perRow + tx;
          for (int j = 0; j < 4; j++) {
            int to = ((i * 4 + j) * padded + tile) * c;
            input(j, half, i * width + 2 * tx * c, c, c, inputs, to);
          }
        }
      }
    }
    int[] offsets = use.ints(0, padded);
    for (int i = 0; i < padded; i++) {
      offsets[i] = Math.min(i, count - 1) * c;
    }
    int panels = Math.ceilDiv(n, nr);
    int plane = padded * nr;
    float[] products = use.floats(2, 16 * plane); // by element, tile and neuron
    float[] sums = use.floats(3, 12 * plane); // half transformed, and then outputs
    for (int panel = 0; panel < panels; panel++) {
      Arrays.fill(products, 0, 16 * plane, 0f);
      for (int element = 0; element < 16; element++) {
        int b = (element * panels + panel) * c * nr;
        int a = element * padded * c;
        for (int strip = 0; strip < padded; strip += mr) {
          int to = element * plane + strip * nr;
          kernels.tileInPlace(
              1, c, inputs, a, ONE_RUN, 0, offsets, strip, filters, b, products, to, nr);
        }
      }
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 4; j++) {
          output(i, products, j * plane, 4 * plane, plane, sums, (i * 4 + j) * plane);
        }
        for (int j = 0; j < 2; j++) {
          output(j, sums, i * 4 * plane, plane, plane, sums, (8 + i * 2 + j) * plane);
        }
      }
      float[] ys = y.storage().array();
      int columns = Math.min(nr, n - panel * nr);
      for (int tile = 0; tile < count; tile++) {
        int row = fromRow + tile / tiles.perRow;
        int pixel = row * 4 * tiles.perRow + tile % tiles.perRow * 2;
        for (int i = 0; i < 4; i++) {
          int at = pixel + i / 2 * 2 * tiles.perRow + i % 2;
          int to = y.layout().offset() + at * n + panel * nr;
          System.arraycopy(sums, (8 + i) * plane + tile * nr, ys, to, columns);
        }
      }
    }
  }

  /** out (n, s) (+)= e^T (n, b) x (b, s). */
  private void update(Tensor e, Tensor x, Tensor out, boolean add) {
    Tiles tiles = Tiles.of(x);
    int n = e.size(1);
    int wide = Math.ceilDiv(tiles.c, nr) * nr;
    int plane = Math.ceilDiv(n, mr) * mr * wide;
    float[] sums = workspace.take(16 * plane);
    Layout inputs = Layout.contiguous(most(tiles), tiles.c);
    Layout errors = Layout.contiguous(most(tiles), n);
    Packed how =
        new Packed(
            AxisGroup.of(inputs.axis(0)),
            AxisGroup.of(inputs.axis(1)),
            AxisGroup.of(errors.axis(0)),
            AxisGroup.of(errors.axis(1)));
    pool.run(16, element -> sum(e, tiles, element, wide, how, sums, element * plane));
    int neurons = 8;
    pool.run(
        Math.ceilDiv(n, neurons),
        task -> {
          for (int i = task * neurons; i < Math.min(n, (task + 1) * neurons); i++) {
            unfilter(sums, plane, i * wide, tiles.c, out, i, add);
          }
        });
    workspace.give(sums);
  }

  /** Loops over gapless transformed tiles and their values. */
  private record Packed(
      AxisGroup inputTiles, AxisGroup channels, AxisGroup errorTiles, AxisGroup neurons) {}

  /** Tiles that are summed at a time. */
  private static int most(Tiles tiles) {
    return Math.max(1, DEPTH / tiles.perRow) * tiles.perRow;
  }

  /** One element of A e A^T * B^T d B, summed over all tiles. */
  private void sum(Tensor e, Tiles tiles, int element, int wide, Packed how, float[] sums, int to) {
    Scratch use = Scratch.get();
    int i = element / 4;
    int j = element % 4;
    int c = tiles.c;
    int n = e.size(1);
    int width = tiles.width();
    int errorWidth = 2 * tiles.perRow * n;
    int most = most(tiles);
    int rows = most / tiles.perRow;
    int tall = Math.ceilDiv(n, mr) * mr;
    float[] half = use.floats(0, Math.max(width, errorWidth));
    float[] inputs = use.floats(1, most * (c + n));
    float[] packedInputs = use.floats(2, most * wide);
    float[] packedErrors = use.floats(3, most * tall);
    float[] es = e.storage().array();
    Arrays.fill(sums, to, to + tall * wide, 0f);
    for (int from = 0; from < tiles.rows; from += rows) {
      int end = Math.min(tiles.rows, from + rows);
      int count = (end - from) * tiles.perRow;
      for (int row = from; row < end; row++) {
        int tile = (row - from) * tiles.perRow;
        input(i, tiles.array, tiles.start(row), tiles.strides[1], width, half, 0);
        for (int tx = 0; tx < tiles.perRow; tx++) {
          input(j, half, 2 * tx * c, c, c, inputs, (tile + tx) * c);
        }
        int at = e.layout().offset() + row * 2 * errorWidth;
        error(i, es, at, errorWidth, errorWidth, half, 0);
        for (int tx = 0; tx < tiles.perRow; tx++) {
          error(j, half, 2 * tx * n, n, n, inputs, count * c + (tile + tx) * n);
        }
      }
      Gemm.Matrix in = new Gemm.Matrix(inputs, 0);
      Gemm.Matrix errors = new Gemm.Matrix(inputs, count * c);
      packing.pack(in, how.channels, how.inputTiles, 0, 0, c, nr, 0, count, packedInputs, 0);
      packing.pack(errors, how.neurons, how.errorTiles, 0, 0, n, mr, 0, count, packedErrors, 0);
      for (int column = 0; column < wide; column += nr) {
        for (int strip = 0; strip < tall; strip += mr) {
          int at = to + strip * wide + column;
          kernels.tile(
              count, packedErrors, strip * count, packedInputs, column * count, sums, at, wide);
        }
      }
    }
  }

  /** G^T u G of one neuron. */
  private void unfilter(
      float[] u, int plane, int from, int c, Tensor out, int neuron, boolean add) {
    float[] half = Scratch.get().floats(0, 5 * c);
    float[] target = out.storage().array();
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 4; j++) {
        filterAdjoint(i, u, from + j * plane, 4 * plane, c, half, j * c);
      }
      for (int j = 0; j < 3; j++) {
        int at = out.layout().offset() + (neuron * 9 + i * 3 + j) * c;
        if (add) {
          filterAdjoint(j, half, 0, c, c, half, 4 * c);
          kernels.zip(Op.Binary.ADD, target, at, half, 4 * c, target, at, c);
        } else {
          filterAdjoint(j, half, 0, c, c, target, at);
        }
      }
    }
  }
}

package org.fasthebb.engine.internal;

import java.util.Arrays;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;

/**
 * Products with 3 x 3 patches by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray, <em>Fast
 * Algorithms for Convolutional Neural Networks</em>, 2015): 36 multiplications make 4 x 4 outputs
 * that need 144.
 *
 * <p>For each of the 36 elements of a transformed tile there is a matrix product over channels;
 * {@link Filtering} has the transforms. The sum over patches of outer products, by which weights
 * learn, is the adjoint of that with respect to the filter. Where four does not divide the height
 * or the width of the output, its last tiles overlap the ones before. Rounding errors are two to
 * three times those of the direct way.
 */
final class Winograd {
  /** Fewer channels, neurons or tiles than these are not worth the transforms. */
  private static final int FEWEST = 32;

  private static final int FEWEST_TILES = 64;

  /** Fewer outputs per tile, on average, are not worth it either: the direct way has 4 for 36. */
  private static final int FEWEST_OUTPUTS = 8;

  /** Tiles that a task transforms together: they stay in the L2 cache. */
  private static final int TILES = 36;

  /** Tiles summed at a time in {@link #update}. */
  private static final int DEPTH = 96;

  /** Tiles of a part of the sum, at least, and most parts: each is six tasks. */
  private static final int PART = 256;

  private static final int PARTS = 4;

  /** Elements along a transformed tile, and of all of it. */
  private static final int SIDE = Filtering.SIDE;

  private static final int ELEMENTS = SIDE * SIDE;

  /** Outputs along a tile. */
  private static final int OUT = Filtering.OUT;

  /** Channels lie together: k begins once, at their start. */
  private static final int[] ONE_RUN = {0};

  private final ThreadPool pool;
  private final Workspace<float[]> workspace;
  private final Kernels kernels = KernelChoice.kernels();
  private final Filtering filtering = new Filtering(kernels);
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
    Layout.Axis values = x.layout().axis(1);
    Tiles tiles = Tiles.of(x);
    return values.sizes()[0] == 3
        && values.sizes()[1] == 3
        && values.strides()[1] == tiles.c // pixels next to each other
        && tiles.h >= OUT
        && tiles.w >= OUT
        && tiles.count() * FEWEST_OUTPUTS <= x.size(0)
        && tiles.c >= FEWEST
        && neurons >= FEWEST
        && tiles.count() >= FEWEST_TILES;
  }

  /** Images and their h x w outputs, cut into rows of tiles that are counted through all images. */
  private record Tiles(
      float[] array,
      int offset,
      int[] strides,
      int h,
      int w,
      int c,
      int perColumn,
      int perRow,
      int rows) {
    static Tiles of(Tensor patches) {
      int[] sizes = patches.layout().axis(0).sizes();
      int[] strides = patches.layout().axis(0).strides();
      int c = patches.layout().axis(1).sizes()[2];
      float[] array = patches.storage().array();
      int offset = patches.layout().offset();
      int h = sizes[1];
      int w = sizes[2];
      int perColumn = Math.ceilDiv(h, OUT);
      int perRow = Math.ceilDiv(w, OUT);
      return new Tiles(array, offset, strides, h, w, c, perColumn, perRow, sizes[0] * perColumn);
    }

    int count() {
      return rows * perRow;
    }

    private int image(int tile) {
      return tile / perRow / perColumn;
    }

    private int top(int tile) {
      return Math.min(tile / perRow % perColumn * OUT, h - OUT);
    }

    private int left(int tile) {
      return Math.min(tile % perRow * OUT, w - OUT);
    }

    /** Rows of outputs that the tile above has too. */
    int skippedRows(int tile) {
      return tile / perRow % perColumn * OUT - top(tile);
    }

    /** Columns of outputs that the tile to the left has too. */
    int skippedColumns(int tile) {
      return tile % perRow * OUT - left(tile);
    }

    /** Where a tile starts. */
    int start(int tile) {
      return offset + image(tile) * strides[0] + top(tile) * strides[1] + left(tile) * c;
    }

    /** Which output is the first of a tile. */
    int output(int tile) {
      return (image(tile) * h + top(tile)) * w + left(tile);
    }
  }

  /** y (b, n) = x (b, s) w^T (s, n). */
  private void respond(Tensor x, Tensor w, Tensor y) {
    Tiles tiles = Tiles.of(x);
    int n = w.size(0);
    int panels = Math.ceilDiv(n, nr);
    float[] filters = workspace.take(ELEMENTS * panels * nr * tiles.c);
    Layout packed = Layout.contiguous(nr, tiles.c);
    AxisGroup neurons = AxisGroup.of(packed.axis(0));
    AxisGroup channels = AxisGroup.of(packed.axis(1));
    Gemm.Matrix ws = Gemm.Matrix.of(w);
    Gemm.Matrix ys = Gemm.Matrix.of(y);
    pool.run(panels, panel -> packFilters(ws, n, neurons, channels, panel, panels, filters));
    int unit =
        mr / Divisors.greatestCommon(mr, tiles.perRow); // rows of tiles that fill register tiles
    int rows = Math.max(1, Math.ceilDiv(TILES, unit * tiles.perRow)) * unit;
    pool.run(
        Math.ceilDiv(tiles.rows, rows),
        task -> {
          int from = task * rows;
          respond(tiles, from, Math.min(tiles.rows, from + rows), filters, ys, n);
        });
    workspace.give(filters);
  }

  /** Packs G g G^T of nr neurons: by element, panel and channel. */
  private void packFilters(
      Gemm.Matrix w,
      int n,
      AxisGroup neurons,
      AxisGroup channels,
      int panel,
      int panels,
      float[] filters) {
    int c = channels.total();
    Scratch use = Scratch.get();
    int first = panel * nr;
    int count = Math.min(nr, n - first);
    float[] half = use.floats(Filtering.HALF, SIDE * 3 * c);
    float[] whole = use.floats(1, ELEMENTS * count * c);
    for (int neuron = 0; neuron < count; neuron++) {
      int at = w.offset() + (first + neuron) * 9 * c;
      for (int i = 0; i < SIDE; i++) {
        filtering.filter(i, w.array(), at, 3 * c, 3 * c, half, i * 3 * c);
        for (int j = 0; j < SIDE; j++) {
          filtering.filter(j, half, i * 3 * c, c, c, whole, ((i * SIDE + j) * count + neuron) * c);
        }
      }
    }
    for (int element = 0; element < ELEMENTS; element++) {
      int at = element * count * c;
      int to = (element * panels + panel) * c * nr;
      packing.pack(whole, at, neurons, channels, 0, 0, count, nr, 0, c, filters, to);
    }
  }

  /** Outputs of rows of tiles. */
  private void respond(Tiles tiles, int fromRow, int toRow, float[] filters, Gemm.Matrix y, int n) {
    Scratch use = Scratch.get();
    int c = tiles.c;
    int count = (toRow - fromRow) * tiles.perRow;
    int padded = Math.ceilDiv(count, mr) * mr;
    float[] inputs = use.floats(1, ELEMENTS * padded * c); // by element, tile and channel
    int first = fromRow * tiles.perRow;
    for (int tile = 0; tile < count; tile++) {
      int from = tiles.start(first + tile);
      for (int i = 0; i < SIDE; i++) {
        int to = (SIDE * i * padded + tile) * c;
        filtering.input(i, tiles.array, from, tiles.strides[1], c, inputs, to, padded * c, nr);
      }
    }
    int[] offsets = use.ints(0, padded);
    for (int i = 0; i < padded; i++) {
      offsets[i] = Math.min(i, count - 1) * c;
    }
    int panels = Math.ceilDiv(n, nr);
    int apart = ELEMENTS * nr;
    float[] products = use.floats(2, padded * apart); // by tile, element and neuron
    float[] half = use.floats(Filtering.HALF, OUT * SIDE * nr);
    for (int panel = 0; panel < panels; panel++) {
      Arrays.fill(products, 0, padded * apart, 0f);
      for (int element = 0; element < ELEMENTS; element++) {
        int b = (element * panels + panel) * c * nr;
        int a = element * padded * c;
        for (int strip = 0; strip < padded; strip += mr) {
          int to = strip * apart + element * nr;
          kernels.tileInPlace(
              1, c, inputs, a, ONE_RUN, 0, offsets, strip, filters, b, products, to, apart);
        }
      }
      int columns = Math.min(nr, n - panel * nr);
      for (int tile = 0; tile < count; tile++) {
        int line = SIDE * nr;
        kernels.transformProducts(products, tile * apart, line, line, half, 0, line);
        int to = y.offset() + tiles.output(first + tile) * n + panel * nr;
        for (int i = tiles.skippedRows(first + tile); i < OUT; i++) {
          int at = to + i * tiles.w * n;
          kernels.transformProducts(half, i * line, nr, columns, y.array(), at, n);
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
    int parts = Math.clamp(tiles.count() / PART, 1, PARTS);
    float[] sums = workspace.take(parts * ELEMENTS * plane); // by part and element
    int rows = Math.max(1, DEPTH / tiles.perRow);
    Gemm.Matrix errors = Gemm.Matrix.of(e);
    Gemm.Matrix into = Gemm.Matrix.of(out);
    pool.run(
        SIDE * parts,
        task -> {
          int part = task / SIDE;
          int from = (int) ((long) tiles.rows * part / parts);
          int end = (int) ((long) tiles.rows * (part + 1) / parts);
          int to = task * SIDE * plane;
          Arrays.fill(sums, to, to + SIDE * plane, 0f);
          for (int row = from; row < end; row += rows) {
            sum(errors, n, tiles, row, Math.min(end, row + rows), task % SIDE, sums, to, wide);
          }
        });
    int neurons = 8;
    pool.run(
        Math.ceilDiv(n, neurons),
        task -> {
          for (int i = task * neurons; i < Math.min(n, (task + 1) * neurons); i++) {
            for (int k = ELEMENTS; k < parts * ELEMENTS; k++) {
              int to = k % ELEMENTS * plane + i * wide;
              int from = k * plane + i * wide;
              kernels.zip(Op.Binary.ADD, sums, to, sums, from, sums, to, tiles.c);
            }
            unfilter(sums, plane, i * wide, tiles.c, into, i, add);
          }
        });
    workspace.give(sums);
  }

  /** Adds up row i of A e A^T * B^T d B over some rows of tiles. */
  private void sum(
      Gemm.Matrix e, int n, Tiles tiles, int from, int end, int i, float[] sums, int to, int wide) {
    Scratch use = Scratch.get();
    int c = tiles.c;
    int tall = Math.ceilDiv(n, mr) * mr;
    int count = (end - from) * tiles.perRow;
    int inputPlane = count * wide; // panels of nr channels, tile by tile
    int strip = count * mr + nr; // a panel of mr neurons, with room for the end of its last vector
    int errorPlane = tall / mr * strip;
    float[] inputs = use.floats(2, SIDE * inputPlane);
    float[] errors = use.floats(3, SIDE * errorPlane);
    int first = from * tiles.perRow;
    for (int tile = 0; tile < count; tile++) {
      int counted = first + tile;
      filtering.input(
          i,
          tiles.array,
          tiles.start(counted),
          tiles.strides[1],
          c,
          inputs,
          tile * nr,
          inputPlane,
          count * nr);
      filtering.errors(
          i,
          e.array(),
          e.offset() + tiles.output(counted) * n,
          tiles.w * n,
          n,
          tiles.skippedRows(counted),
          tiles.skippedColumns(counted),
          errors,
          tile * mr,
          errorPlane,
          strip);
    }
    for (int j = 0; j < SIDE; j++) {
      for (int column = 0; column < wide; column += nr) {
        for (int row = 0; row < tall; row += mr) {
          int a = j * errorPlane + row / mr * strip;
          int b = j * inputPlane + column * count;
          int at = to + j * tall * wide + row * wide + column;
          kernels.tile(count, errors, a, mr, inputs, b, nr, sums, at, wide);
        }
      }
    }
  }

  /** G^T u G of one neuron. */
  private void unfilter(
      float[] u, int plane, int from, int c, Gemm.Matrix out, int neuron, boolean add) {
    int line = SIDE * c;
    float[] half = Scratch.get().floats(Filtering.HALF, line + 2 * c);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < SIDE; j++) {
        filtering.filterAdjoint(i, u, from + j * plane, SIDE * plane, c, half, j * c);
      }
      for (int j = 0; j < 3; j++) {
        int at = out.offset() + (neuron * 9 + i * 3 + j) * c;
        filtering.filterAdjoint(j, half, 0, c, c, half, line);
        if (add) {
          kernels.zip(Op.Binary.ADD, out.array(), at, half, line, out.array(), at, c);
        } else {
          System.arraycopy(half, line, out.array(), at, c);
        }
      }
    }
  }
}

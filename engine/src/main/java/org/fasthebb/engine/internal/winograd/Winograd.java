package org.fasthebb.engine.internal.winograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.gemm.Matrix;
import org.fasthebb.engine.internal.gemm.Packing;
import org.fasthebb.engine.internal.kernels.Filtering;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.runtime.Workspace;
import org.fasthebb.engine.internal.strided.AxisGroup;
import org.fasthebb.engine.internal.strided.Divisors;
import org.fasthebb.engine.internal.strided.PatchSquares;

/**
 * Products with 3 x 3 patches by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray, <em>Fast
 * Algorithms for Convolutional Neural Networks</em>, 2015): 36 multiplications give 4 x 4 outputs,
 * for which the direct way needs 144.
 *
 * <p>For each of the 36 elements of a transformed tile there is a matrix product over channels;
 * {@link Filtering} has the transforms. The sum over patches of outer products, by which weights
 * learn, is the adjoint of that with respect to the filter. A side of the output that is no
 * multiple of four is cut into tiles of four outputs and some of three, which need 5 elements along
 * that side instead of 6. Rounding errors are three to four times those of the direct way: about
 * 1e-6 of the result, root mean square.
 */
public final class Winograd {
  /** Fewer channels, neurons or tiles than these are not worth the transforms. */
  private static final int FEWEST = 32;

  private static final int FEWEST_TILES = 64;

  /** Most tiles that a task transforms together: they stay in the L2 cache. */
  private static final int TILES = 36;

  /** If there are fewer tasks than this, each takes fewer tiles. */
  private static final int TASKS = 16;

  /** Tiles summed at a time in {@link #update}. */
  private static final int DEPTH = 96;

  /**
   * The sum over tiles is cut into at most PARTS parts of at least PART tiles. Each part is five or
   * six tasks.
   */
  private static final int PART = 256;

  private static final int PARTS = 4;

  /** Elements along a side of a transformed tile, and in all of it. */
  private static final int SIDE = Filtering.SIDE;

  private static final int ELEMENTS = SIDE * SIDE;

  /** Outputs along a tile. */
  private static final int OUT = Filtering.OUT;

  /** Channels are contiguous, so that the summed index is one run, which begins at 0. */
  private static final int[] ONE_RUN = {0};

  private final ThreadPool pool;
  private final Workspace<float[]> workspace;
  private final Kernels kernels = KernelChoice.kernels();
  private final Filtering filtering = new Filtering(kernels);
  private final Packing packing = new Packing(kernels);
  private final int mr = kernels.mr();
  private final int nr = kernels.nr();

  public Winograd(ThreadPool pool, Workspace<float[]> workspace) {
    this.pool = pool;
    this.workspace = workspace;
  }

  /**
   * Computes the contraction if it is one of the two products described above, and returns whether
   * it did.
   */
  public boolean contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    String x = how.first();
    String y = how.second();
    if (x.length() != 2
        || y.length() != 2
        || how.result().length() != 2
        || !out.layout().isContiguous()) {
      return false;
    }
    boolean responds =
        !add && y.charAt(1) == x.charAt(1) && how.result().equals("" + x.charAt(0) + y.charAt(0));
    boolean updates =
        x.charAt(0) == y.charAt(0)
            && how.result().equals("" + x.charAt(1) + y.charAt(1))
            && a.layout().isContiguous();
    if (!responds && !updates) {
      return false;
    }
    Tiles[] regions = responds ? regions(a, b.size(0), 1) : regions(b, a.size(1), PARTS);
    if (regions.length == 0) {
      return false;
    }
    if (responds) {
      respond(regions, b, out);
    } else {
      update(a, regions, out, add);
    }
    return true;
  }

  /**
   * The regions into which the images of patches x are cut; none if x has no 3 x 3 patches, or if
   * the transforms do not pay.
   */
  private Tiles[] regions(Tensor x, int neurons, int parts) {
    Tiles[] none = {};
    if (!PatchSquares.isPatches(x)) {
      return none;
    }
    Layout.Axis values = x.layout().axis(1);
    int c = values.sizes()[2];
    Tiles[] regions = Tiles.regions(x);
    boolean fits =
        values.sizes()[0] == 3
            && values.sizes()[1] == 3
            && values.strides()[1] == c // pixels next to each other
            && c >= FEWEST
            && neurons >= FEWEST
            && isIndexable(c, neurons, parts)
            && Tiles.count(regions) >= FEWEST_TILES;
    return fits ? regions : none;
  }

  /** Whether one array holds so many parts of all transformed filters. */
  private boolean isIndexable(int channels, int neurons, int parts) {
    long padded = (channels + nr - 1L) * (neurons + Math.max(mr, nr) - 1L);
    return padded < Integer.MAX_VALUE / (parts * ELEMENTS);
  }

  /** y (b, n) = x (b, s) w^T (s, n), with x as regions of images. */
  private void respond(Tiles[] regions, Tensor w, Tensor y) {
    Tiles all = regions[0];
    int n = w.size(0);
    int panels = Math.ceilDiv(n, nr);
    float[] filters = workspace.take(ELEMENTS * panels * nr * all.c());
    Matrix ws = Matrix.of(w);
    Matrix ys = Matrix.of(y);
    AxisGroup neurons = AxisGroup.of(w.layout().axis(0));
    AxisGroup values = AxisGroup.of(w.layout().axis(1));
    pool.run(panels, panel -> packFilters(ws, neurons, values, all, panel, panels, filters));
    int share = Math.min(TILES, Tiles.count(regions) / TASKS);
    List<Tiles.Slice> slices = new ArrayList<>();
    for (Tiles tiles : regions) {
      int unit = mr / Divisors.greatestCommon(mr, tiles.perRow()); // rows that fill register tiles
      int rows = Math.max(1, Math.ceilDiv(share, unit * tiles.perRow())) * unit;
      for (int from = 0; from < tiles.rows(); from += rows) {
        slices.add(new Tiles.Slice(tiles, from, Math.min(tiles.rows(), from + rows)));
      }
    }
    pool.run(slices.size(), i -> respond(slices.get(i), filters, ys, n));
    workspace.give(filters);
  }

  /**
   * Computes the transformed filters G g G^T of nr neurons, packed by element, panel and channel.
   */
  private void packFilters(
      Matrix w,
      AxisGroup neurons,
      AxisGroup values,
      Tiles tiles,
      int panel,
      int panels,
      float[] filters) {
    int c = tiles.c();
    int first = panel * nr;
    int count = Math.min(nr, neurons.total() - first);
    int size = c * nr; // of one pixel of all these neurons' filters
    Scratch use = Scratch.get();
    float[] packed = use.floats(1, 9 * size);
    float[] half = use.floats(Filtering.HALF, 3 * size);
    packing.pack(w.array(), w.offset(), neurons, values, 0, first, count, nr, 0, 9 * c, packed, 0);
    for (int i = tiles.skipRow(); i < SIDE; i++) {
      filtering.filter(i, packed, 0, 3 * size, 3 * size, half, 0);
      for (int j = tiles.skipColumn(); j < SIDE; j++) {
        int to = ((i * SIDE + j) * panels + panel) * size;
        filtering.filter(j, half, 0, size, size, filters, to);
      }
    }
  }

  /** Computes the outputs of some rows of tiles. */
  private void respond(Tiles.Slice slice, float[] filters, Matrix y, int n) {
    Scratch use = Scratch.get();
    Tiles tiles = slice.tiles();
    int c = tiles.c();
    int count = (slice.to() - slice.from()) * tiles.perRow();
    int padded = Math.ceilDiv(count, mr) * mr;
    float[] inputs = use.floats(1, ELEMENTS * padded * c); // by element, tile and channel
    int first = slice.from() * tiles.perRow();
    int skip = tiles.skipColumn();
    for (int tile = 0; tile < count; tile++) {
      int from = tiles.start(first + tile);
      for (int i = tiles.skipRow(); i < SIDE; i++) {
        int to = (SIDE * i * padded + tile) * c;
        filtering.input(
            i, skip, tiles.array(), from, tiles.strides()[1], c, inputs, to, padded * c, nr);
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
      for (int i = tiles.skipRow(); i < SIDE; i++) {
        for (int j = skip; j < SIDE; j++) {
          int element = i * SIDE + j;
          int b = (element * panels + panel) * c * nr;
          int a = element * padded * c;
          for (int strip = 0; strip < padded; strip += mr) {
            int to = strip * apart + element * nr;
            kernels.tileInPlace(
                1, c, inputs, a, ONE_RUN, 0, offsets, strip, filters, b, products, to, apart);
          }
        }
      }
      int columns = Math.min(nr, n - panel * nr);
      for (int tile = 0; tile < count; tile++) {
        int line = SIDE * nr;
        kernels.transformProducts(
            products, tile * apart, line, line, tiles.skipRow(), half, 0, line);
        int to = y.offset() + tiles.output(first + tile) * n + panel * nr;
        for (int i = tiles.skipRow(); i < OUT; i++) {
          int at = to + i * tiles.w() * n;
          kernels.transformProducts(half, i * line, nr, columns, skip, y.array(), at, n);
        }
      }
    }
  }

  /** out (n, s) (+)= e^T (n, b) x (b, s), with x as regions of images. */
  private void update(Tensor e, Tiles[] regions, Tensor out, boolean add) {
    Tiles all = regions[0];
    int n = e.size(1);
    int wide = Math.ceilDiv(all.c(), nr) * nr;
    int plane = Math.ceilDiv(n, mr) * mr * wide;
    int parts = Math.clamp(Tiles.count(regions) / PART, 1, PARTS);
    float[] sums = workspace.take(parts * ELEMENTS * plane); // by part and element
    Matrix errors = Matrix.of(e);
    Matrix into = Matrix.of(out);
    int side = SIDE - all.skipRow();
    pool.run(
        side * parts,
        task -> {
          int part = task / side;
          int i = SIDE - side + task % side;
          int to = (part * SIDE + i) * SIDE * plane;
          Arrays.fill(sums, to, to + SIDE * plane, 0f);
          for (Tiles tiles : regions) {
            if (i < tiles.skipRow()) {
              continue;
            }
            int rows = Math.max(1, DEPTH / tiles.perRow());
            int from = (int) ((long) tiles.rows() * part / parts);
            int end = (int) ((long) tiles.rows() * (part + 1) / parts);
            for (int row = from; row < end; row += rows) {
              sum(errors, n, tiles, row, Math.min(end, row + rows), i, sums, to, wide);
            }
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
              kernels.zip(Op.Binary.ADD, sums, to, sums, from, sums, to, all.c());
            }
            unfilter(sums, plane, all, i * wide, into, i, add);
          }
        });
    workspace.give(sums);
  }

  /**
   * Adds row i of the products of transformed errors A e A^T and transformed inputs B^T d B, over
   * some rows of tiles, to the sums.
   */
  private void sum(
      Matrix e, int n, Tiles tiles, int from, int end, int i, float[] sums, int to, int wide) {
    Scratch use = Scratch.get();
    int c = tiles.c();
    int skip = tiles.skipColumn();
    int tall = Math.ceilDiv(n, mr) * mr;
    int count = (end - from) * tiles.perRow();
    int inputPlane = count * wide; // panels of nr channels, tile by tile
    int strip = count * mr + nr; // a panel of mr neurons, with room for the end of its last vector
    int errorPlane = tall / mr * strip;
    float[] inputs = use.floats(2, SIDE * inputPlane);
    float[] errors = use.floats(3, SIDE * errorPlane);
    int first = from * tiles.perRow();
    for (int tile = 0; tile < count; tile++) {
      int counted = first + tile;
      filtering.input(
          i,
          skip,
          tiles.array(),
          tiles.start(counted),
          tiles.strides()[1],
          c,
          inputs,
          tile * nr,
          inputPlane,
          count * nr);
      filtering.errors(
          i,
          tiles.skipRow(),
          skip,
          e.array(),
          e.offset() + tiles.output(counted) * n,
          tiles.w() * n,
          n,
          errors,
          tile * mr,
          errorPlane,
          strip);
    }
    for (int j = skip; j < SIDE; j++) {
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

  /** Transforms the sums u of one neuron back to a filter, G^T u G. */
  private void unfilter(
      float[] u, int plane, Tiles tiles, int from, Matrix out, int neuron, boolean add) {
    int c = tiles.c();
    int skip = tiles.skipColumn();
    int line = SIDE * c;
    float[] half = Scratch.get().floats(Filtering.HALF, line + 2 * c);
    for (int i = 0; i < 3; i++) {
      for (int j = skip; j < SIDE; j++) {
        filtering.filterAdjoint(
            i, tiles.skipRow(), u, from + j * plane, SIDE * plane, c, half, j * c);
      }
      for (int j = 0; j < 3; j++) {
        int at = out.offset() + (neuron * 9 + i * 3 + j) * c;
        filtering.filterAdjoint(j, skip, half, 0, c, c, half, line);
        if (add) {
          kernels.zip(Op.Binary.ADD, out.array(), at, half, line, out.array(), at, c);
        } else {
          System.arraycopy(half, line, out.array(), at, c);
        }
      }
    }
  }
}

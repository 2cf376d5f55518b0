package org.fasthebb.models.data;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fasthebb.models.random.Rng;

/**
 * A part of a data set: the first classes in label order, and some training images of each. Images
 * are not copied. They stay in their order, and all test images of the classes are kept.
 *
 * <p>Which training images of a class are taken is drawn by a fixed seed, so that all runs see the
 * same: the first of a shuffle of the class's images by {@code Rng(key(0, class))}. So those of a
 * smaller part are among those of a larger one.
 */
public final class Subset implements ImageSource {
  private static final long SEED = 0;

  private final ImageSource whole;
  private final List<String> classNames;
  private final int[] indices;

  private Subset(ImageSource whole, int classes, int[] indices) {
    this.whole = whole;
    this.classNames = List.copyOf(whole.classNames().subList(0, classes));
    this.indices = indices;
  }

  /**
   * A part of a data set, with its name.
   *
   * @param classes how many classes to take, from 2 to all; null for all
   * @param perClass how many training images of each, at least 1; null for all
   * @throws DataException if there are not so many classes, or images of one of them
   */
  public static DataSet of(DataSet data, Integer classes, Integer perClass) {
    int all = data.train().classes();
    int count = classes == null ? all : classes;
    if (count > all || count < Math.min(2, all)) {
      throw new DataException(
          "%s has %s classes, but %s were asked for; take 2 to %s."
              .formatted(data.name(), all, count, all));
    }
    int[] train = indicesOf(data.train(), count);
    if (perClass != null) {
      train = some(data, train, count, perClass);
    }
    return new DataSet(
        data.name(),
        new Subset(data.train(), count, train),
        new Subset(data.test(), count, indicesOf(data.test(), count)));
  }

  /** The images of the first classes. */
  private static int[] indicesOf(ImageSource set, int classes) {
    return IntStream.range(0, set.size()).filter(i -> set.label(i) < classes).toArray();
  }

  private static int[] some(DataSet data, int[] indices, int classes, int perClass) {
    ImageSource set = data.train();
    List<IntArrayList> byClass = Stream.generate(IntArrayList::new).limit(classes).toList();
    for (int i : indices) {
      byClass.get(set.label(i)).add(i);
    }
    IntArrayList chosen = new IntArrayList();
    for (int c = 0; c < classes; c++) {
      int[] ofClass = byClass.get(c).toIntArray();
      if (ofClass.length < perClass) {
        throw new DataException(
            ("%s has %s training images of class %s, but %s per class were asked for; take at most"
                    + " %s.")
                .formatted(
                    data.name(),
                    ofClass.length,
                    set.classNames().get(c),
                    perClass,
                    ofClass.length));
      }
      new Rng(Rng.key(SEED, c)).shuffle(ofClass);
      chosen.addElements(chosen.size(), ofClass, 0, perClass);
    }
    return chosen.intStream().sorted().toArray();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int height() {
    return whole.height();
  }

  @Override
  public int width() {
    return whole.width();
  }

  @Override
  public int channels() {
    return whole.channels();
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return whole.label(indices[index]);
  }

  @Override
  public String nameOf(int index) {
    return whole.nameOf(indices[index]);
  }

  @Override
  public byte[] encoded(int index) {
    return whole.encoded(indices[index]);
  }

  @Override
  public boolean isSlow() {
    return whole.isSlow();
  }

  @Override
  public void close() {
    whole.close();
  }

  @Override
  public Optional<String> identity(int index) {
    return whole.identity(indices[index]);
  }

  @Override
  public void read(int index, byte[] into, int at) {
    whole.read(indices[Objects.checkIndex(index, indices.length)], into, at);
  }
}

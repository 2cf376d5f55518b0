package org.fasthebb.models.use;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.FolderListing;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.inputs.StepProgress;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Checksum;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.SavePace;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.retrieval.Distance;
import org.fasthebb.models.retrieval.Neighbours;
import org.fasthebb.models.retrieval.Search;
import org.fasthebb.models.use.IndexedFeatures.Photo;

/**
 * The features of all photos in a folder, and in the folders below it, kept in a file and searched
 * for those most similar to a query. Close it after use.
 *
 * <p>The file is safetensors, with checksums. An update computes only what is new or has changed,
 * and saves from time to time, so one that was killed goes on from its last save. The file is
 * mapped into memory, not read: besides the matrix that is searched, only features that have not
 * been saved yet are on the heap.
 *
 * <p>The search is exact: it compares a query with every photo, by one product of matrices. That
 * reads 4 F bytes per photo: 0.8 GB for 50,000 photos with the 4,096 features of the small network.
 * An approximate index would pay where features no longer fit in memory, or an answer takes too
 * long.
 */
public final class PhotoIndex implements AutoCloseable {
  /**
   * How features are made: maps are averaged to 2x2, so that the index is small and a photo that is
   * a little shifted is still similar. Networks that end in maps of one pixel keep them all.
   */
  public static final FeatureForm FORM = FeatureForm.PLAIN.pooled(2);

  /**
   * A photo that was found.
   *
   * @param name seen from the folder of the index
   * @param cosine of the angle between its features and those of the query, 1 for equal ones
   */
  public record Match(String name, float cosine) {}

  private final Model model;
  private final Path folder;
  private final Path file;
  private final Orientation orientation;
  private final String layer;

  /** Features that are not in the file yet. */
  private final Map<Photo, float[]> computed = new HashMap<>();

  /** Rows of the file. */
  private final Map<Photo, Integer> saved = new HashMap<>();

  /** The file, mapped into memory; null if there is none yet. */
  private IndexedFeatures mapped;

  private int width;
  private List<Photo> photos = List.of();
  private Search search;

  private PhotoIndex(Model model, Path folder, Path file, Orientation orientation, String layer) {
    this.model = model;
    this.folder = folder;
    this.file = file;
    this.orientation = orientation;
    this.layer = layer;
  }

  /**
   * Opens the index of a folder, or makes an empty one.
   *
   * @param folder of the photos
   * @param file of the index; null for one of this model in the folder's hidden folder .fasthebb
   * @param layer one of {@link Model#layers}, whose features are compared
   * @throws CheckpointException in one sentence, if the file is damaged, no index, or one of
   *     another model; damage to features is found when they are needed
   */
  public static PhotoIndex open(
      Model model, Path folder, Path file, Orientation orientation, String layer)
      throws CheckpointException {
    Path place = file == null ? usualFile(model, folder, orientation, layer) : file;
    PhotoIndex index = new PhotoIndex(model, folder, place, orientation, layer);
    if (Files.exists(place)) {
      index.map();
    }
    return index;
  }

  private static Path usualFile(Model model, Path folder, Orientation orientation, String layer) {
    byte[] digest =
        Checksum.newDigest().digest(identity(model, orientation, layer).getBytes(UTF_8));
    String id = HexFormat.of().formatHex(digest, 0, 6);
    return folder.resolve(FolderListing.OWN).resolve("photos-" + id + ".safetensors");
  }

  /** Everything but the photos that features depend on; the last layer goes without saying. */
  private static String identity(Model model, Orientation orientation, String layer) {
    String other = layer.equals(model.layers().getLast()) ? "" : " layer=" + layer;
    return "model=%s form=%s orientation=%s decoder=%s%s"
        .formatted(model.checksum(), FORM, orientation, ImageDecoder.VERSION, other);
  }

  /** The file of the index. */
  public Path file() {
    return file;
  }

  /** The number of photos. */
  public int size() {
    return photos.size();
  }

  /** Maps the file, in the place of what was mapped before. */
  private void map() throws CheckpointException {
    close();
    mapped = IndexedFeatures.open(file, identity(model, orientation, layer));
    width = mapped.width();
    photos = mapped.photos();
    for (int i = 0; i < photos.size(); i++) {
      saved.put(photos.get(i), i);
    }
  }

  /** Lets go of the file and of the features. */
  @Override
  public void close() {
    if (mapped != null) {
      mapped.close();
    }
    saved.clear();
    computed.clear();
    photos = List.of();
    search = null;
  }

  private boolean isKnown(Photo photo) {
    return saved.containsKey(photo) || computed.containsKey(photo);
  }

  /** The features of photo i. */
  private float[] row(int i) {
    Integer row = saved.get(photos.get(i));
    return row == null ? computed.get(photos.get(i)) : mapped.row(row);
  }

  private long checksum(Photo photo) {
    Integer row = saved.get(photo);
    return row == null ? IndexedFeatures.checksum(computed.get(photo)) : mapped.checksumOf(row);
  }

  /**
   * Brings the index up to date: computes the features of new and changed photos, and forgets those
   * that are gone.
   *
   * @param problems receives folders that cannot be listed, and files that are no images
   * @param failed receives why a photo cannot be read, in one sentence; it is not in the index, and
   *     is tried again next time
   * @return the number of photos whose features were computed
   * @throws CheckpointException in one sentence, if the file cannot be written
   * @throws DataException in one sentence, if features that the file holds are damaged, and would
   *     have to be copied into the new one
   */
  public int update(
      Problems problems, Consumer<DataException> failed, SavePace pace, StepProgress progress)
      throws CheckpointException {
    List<Photo> listed =
        FolderListing.tree(folder, problems).stream()
            .map(image -> new Photo(image.name(), image.bytes(), image.modified()))
            .toList();
    saved.keySet().retainAll(new HashSet<>(listed));
    List<Photo> missing = listed.stream().filter(photo -> !isKnown(photo)).toList();
    Photos images =
        new Photos(
            missing.stream().map(photo -> folder.resolve(photo.name())).toList(),
            model.side(),
            orientation);
    Saving saving = new Saving(pace);
    images.features(
        model,
        layer,
        FORM,
        failed,
        (i, features) -> {
          requireFinite(features);
          requireRoom(features.length);
          width = features.length;
          computed.put(missing.get(i), features);
          progress.step("features", 1, 1, i + 1, missing.size());
          saving.step(listed);
        });
    if (saving.failure != null) {
      throw saving.failure;
    }
    photos = listed.stream().filter(this::isKnown).toList();
    search = null;
    List<Photo> inFile = mapped == null ? List.of() : mapped.photos();
    if (!photos.equals(inFile)) { // so a folder without photos gets no index
      write();
    }
    return (int) missing.stream().filter(this::isKnown).count();
  }

  /** Saves while features are computed. */
  private final class Saving {
    private final SavePace pace;
    private CheckpointException failure;
    private long last = System.nanoTime();
    private double took;

    Saving(SavePace pace) {
      this.pace = pace;
    }

    void step(List<Photo> listed) {
      long now = System.nanoTime();
      if (failure == null && pace.isDue((now - last) * 1e-9, took)) {
        photos = listed.stream().filter(PhotoIndex.this::isKnown).toList();
        try {
          write();
        } catch (CheckpointException e) {
          failure = e;
        }
        last = System.nanoTime();
        took = (last - now) * 1e-9;
      }
    }
  }

  private static void requireFinite(float[] features) {
    if (!SafeTensors.areFinite(features)) {
      throw new IllegalStateException(
          "the model gives features that are no numbers; train it again at a lower learning rate");
    }
  }

  private void requireRoom(int features) {
    long number = saved.size() + computed.size() + 1L;
    if (number * features > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "%s photos with %s features each do not fit in one index; index parts of the folder"
              .formatted(number, features));
    }
  }

  private void write() throws CheckpointException {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot make the folder of the index " + file + "; name another file for it", e);
    }
    IndexedFeatures.write(
        file,
        identity(model, orientation, layer),
        photos,
        width,
        photos.stream().mapToLong(this::checksum).toArray(),
        this::row);
    map();
  }

  /**
   * The photos most similar to each query, the nearest first; of equal ones, in the order of names.
   *
   * @param queries features of {@link #FORM}, one row per query
   * @param k at least 1; all photos, if there are fewer
   * @throws IllegalStateException in one sentence, if the index is empty
   * @throws DataException in one sentence, if the file is damaged
   */
  public List<List<Match>> nearest(List<float[]> queries, int k) {
    if (photos.isEmpty()) {
      throw new IllegalStateException(
          folder + " has no photo that can be read; name another folder");
    }
    return queries.isEmpty() ? List.of() : model.inScope(() -> find(queries, k));
  }

  private List<List<Match>> find(List<float[]> queries, int k) {
    Backend backend = model.file().network().backend();
    if (search == null) {
      Tensor database = backend.zeros(photos.size(), width);
      for (int i = 0; i < photos.size(); i++) {
        database.slice(0, i, i + 1).write(row(i));
      }
      search = new Search(database, Distance.COSINE);
    }
    int features = queries.getFirst().length;
    float[] together = new float[queries.size() * features];
    for (int q = 0; q < queries.size(); q++) {
      System.arraycopy(queries.get(q), 0, together, q * features, features);
    }
    Neighbours found = Neighbours.of(search, backend.of(together, queries.size(), features), k);
    return IntStream.range(0, queries.size())
        .mapToObj(q ->
            IntStream.range(0, found.k())
                .mapToObj(rank ->
                    new Match(photos.get(found.index(q, rank)).name(), 1 - found.distance(q, rank)))
                .toList())
        .toList();
  }
}

// Where this device is, by the browser.

const WAIT = 20000;

/** Resolves {lat, lon, accuracy} (degrees WGS 84, metres); rejects with a text key. */
export function locate() {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) return reject(new Error("place_unsupported"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6), accuracy: Math.ceil(coords.accuracy) }),
      (error) => reject(new Error(error.code === error.PERMISSION_DENIED ? "place_refused" : "place_unknown")),
      { enableHighAccuracy: true, timeout: WAIT, maximumAge: 30000 },
    );
  });
}

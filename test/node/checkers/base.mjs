// The bytes from before the run are there: see test/cli/campaign.test.ts.

/** @param {Uint8Array} image */
export default (image) => image[4000] === 7 && image[4095] === 7;

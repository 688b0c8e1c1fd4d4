export const venueKey = 'planted';
